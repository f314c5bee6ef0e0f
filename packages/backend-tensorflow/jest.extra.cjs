// Runs everything that needs TensorFlow: the tests of this package that do, and the tests of the operations and everything
// built on them, which run on TensorFlow too.
const { resolve } = require('node:path');

const jest = require('../../tools/workspace/jest.cjs');

process.env.TEST_BACKENDS = 'tensorflow';
const onTensorflow = (name, testRegex) => ({
  ...project(name),
  rootDir: resolve(__dirname, '..', name),
  testMatch: undefined,
  testRegex: [testRegex],
  displayName: `${name} on TensorFlow`,
  // It tests a process without a backend.
  testPathIgnorePatterns: ['nn/src/backend\\.test\\.ts$'],
});

const { reporters } = jest('backend-tensorflow');
module.exports = {
  reporters,
  // Compiling, and copying TensorFlow's library, are slow on a busy machine.
  testTimeout: 600_000,
  globalSetup: resolve(__dirname, 'jest.set-up-tensorflow.cjs'),
  projects: [
    {
      ...project('backend-tensorflow'),
      rootDir: __dirname,
      testMatch: ['<rootDir>/src/**/*.extra.ts'],
      setupFilesAfterEnv: [],
    },
    onTensorflow('nn', '/src/.*\\.test\\.ts$'),
    onTensorflow('noise', '/src/.*\\.test\\.ts$'),
    onTensorflow('ladder', '/src/.*\\.test\\.ts$'),
    onTensorflow('tagger', '/src/golden\\.test\\.ts$'),
  ],
};

/** The part of a package's configuration that applies to a project, not to a run. */
function project(name) {
  const { reporters: _, testTimeout: __, ...options } = jest(name);
  return options;
}
