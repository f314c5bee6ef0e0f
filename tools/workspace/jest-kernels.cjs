// Runs a package's tests on the wasm backend with the kernels of @taggerjs/backend-wasm. The environment variable TEST_KERNELS
// sets the number of threads. If it is set, jest.cjs adds this file to `setupFilesAfterEnv`.
const path = require('node:path');

beforeAll(async () => {
  const { useWasm } = require(path.join(__dirname, '../../packages/backend-wasm/src/index.node.ts'));
  await useWasm({ threads: Number(process.env.TEST_KERNELS) });
});
