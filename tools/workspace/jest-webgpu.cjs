// Runs a package's tests on WebGPU through Dawn, on a software rasterizer where there is no GPU. Jest's `setupFilesAfterEnv`
// where TEST_BACKENDS is webgpu.
const path = require('node:path');

beforeAll(async () => {
  const { useWebgpu } = require(path.join(__dirname, '../../packages/backend-webgpu/src/index.node.ts'));
  await useWebgpu({ allowSoftware: true });
});

afterAll(() => require('@tensorflow/tfjs-core').removeBackend('webgpu'));
