// Runs a package's tests with the wasm backend as `useWasm` sets it up: with the kernels of @taggerjs/backend-wasm, and as
// many threads as TEST_KERNELS says. Jest's `setupFilesAfterEnv` where that variable is set.
const path = require('node:path');

beforeAll(async () => {
  const { useWasm } = require(path.join(__dirname, '../../packages/backend-wasm/src/index.node.ts'));
  await useWasm({ threads: Number(process.env.TEST_KERNELS) });
});
