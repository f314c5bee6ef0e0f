// Runs a package's tests on WebGPU through Dawn, on a software rasterizer without a GPU. If TEST_BACKENDS is `webgpu`, jest.cjs
// adds this file to `setupFilesAfterEnv`.
const path = require('node:path');

beforeAll(async () => {
  const { useWebgpu } = require(path.join(__dirname, '../../packages/backend-webgpu/src/index.node.ts'));
  await useWebgpu({ allowSoftware: true });
});

afterAll(() => require('@tensorflow/tfjs-core').removeBackend('webgpu'));
