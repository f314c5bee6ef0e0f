// Runs every `describeBackends` block of a package's tests on TensorFlow, set up by `useTensorflow`. If TEST_BACKENDS is
// `tensorflow`, jest.cjs adds this file to `setupFilesAfterEnv`.
const path = require('node:path');

beforeAll(async () => {
  const { useTensorflow } = require(path.join(__dirname, '../../packages/backend-tensorflow/src/index.node.ts'));
  await useTensorflow({ threads: 2 });
});
