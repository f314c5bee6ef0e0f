/** What the kernels' module exports; offsets and sizes in bytes, unsigned although they come as signed numbers. */
export interface KernelExports {
  /** Size of the control block. */
  readonly CONTROL_BYTES: WebAssembly.Global;
  /** Fills in a control block; the calling thread is one of the threads, and may sleep while it waits for others or not. */
  initialize(control: number, threads: number, mayWait: number): void;
  /** Makes every job from now on trap. */
  fail(control: number): void;

  packedBytes(rows: number, inner: number): number;
  stripBytes(inner: number, columns: number): number;
  matmul(
    control: number,
    rows: number,
    columns: number,
    inner: number,
    a: number,
    aStride: number,
    transposeA: number,
    b: number,
    bStride: number,
    transposeB: number,
    c: number,
    packed: number,
    scratch: number,
    scratchStride: number,
    stripRows: number,
    stripColumns: number,
  ): void;
}
