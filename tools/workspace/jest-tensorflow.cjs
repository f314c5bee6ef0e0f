// Runs a package's tests on TensorFlow, as `useTensorflow` sets it up: every block of `describeBackends`. Jest's
// `setupFilesAfterEnv` where TEST_BACKENDS is `tensorflow`.
const path = require('node:path');

beforeAll(async () => {
  const { useTensorflow } = require(path.join(__dirname, '../../packages/backend-tensorflow/src/index.node.ts'));
  await useTensorflow({ threads: 2 });
});
