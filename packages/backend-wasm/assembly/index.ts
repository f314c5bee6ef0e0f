// What the host calls.
export { CONTROL_BYTES, fail, initialize, work } from "./pool";
export { matmul, packedBytes, stripBytes } from "./matmul";
// Not called by the host; see tasks.ts.
export { multiplyStrip, multiplyTile, packRows } from "./matmul";
