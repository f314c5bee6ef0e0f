// What needs TensorFlow set up.
module.exports = {
  ...require('../../tools/workspace/jest.cjs')('backend-cuda', { testMatch: ['<rootDir>/src/**/*.extra.ts'] }),
  testTimeout: 600_000,
  globalSetup: require.resolve('../backend-tensorflow/jest.set-up-tensorflow.cjs'),
};
