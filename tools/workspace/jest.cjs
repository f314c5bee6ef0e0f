// The Jest configuration of every package: compiles TypeScript with swc, and imports sibling packages from their sources.

// System libraries do not see what a test sets in `process.env`, so set this before Jest starts.
if (process.env.TEST_BACKENDS === 'webgpu') process.env.EGL_PLATFORM ??= 'surfaceless';

/** `wasmOnly`: the tests run on one backend, wasm with the kernels of @taggerjs/backend-wasm, unless TEST_BACKENDS is set. */
module.exports = (displayName, { wasmOnly = false, ...overrides } = {}) => {
  if (wasmOnly && !process.env.TEST_BACKENDS) Object.assign(process.env, { TEST_BACKENDS: 'wasm', TEST_KERNELS: '1' });
  return configuration(displayName, overrides);
};

const configuration = (displayName, overrides) => ({
  displayName,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@taggerjs/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  transform: {
    '^.+\\.(ts|mts)$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // Jest runs tests in a VM context, which makes look-ups of globals slow. These are read in the inner loops of references.
  sandboxInjectedGlobals: ['Array', 'Float32Array', 'Float64Array', 'Int32Array', 'Math', 'Number'],
  testTimeout: 60_000,
  setupFilesAfterEnv: [
    ...(process.env.TEST_KERNELS ? [require.resolve('./jest-kernels.cjs')] : []),
    ...(process.env.TEST_BACKENDS === 'webgpu' ? [require.resolve('./jest-webgpu.cjs')] : []),
    ...(process.env.TEST_BACKENDS === 'tensorflow' ? [require.resolve('./jest-tensorflow.cjs')] : []),
  ],
  // Jest cannot load the package `webgpu`, because it is an ES module.
  moduleNameMapper: { '^webgpu$': require.resolve('./dawn.cjs') },
  // Nx sets the path of the results that `npm test` counts.
  reporters: [
    'default',
    ...(process.env.TEST_RESULTS ? [[require.resolve('./jest-results.cjs'), { file: process.env.TEST_RESULTS }]] : []),
  ],
  ...overrides,
});
