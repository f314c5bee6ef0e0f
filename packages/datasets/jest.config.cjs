const config = require('../../tools/workspace/jest.cjs');

const base = config('datasets');

module.exports = {
  ...base,
  // h5wasm has modules of ECMAScript only, which Jest takes through swc.
  moduleNameMapper: { '^h5wasm/node$': require.resolve('../../node_modules/h5wasm/dist/node/hdf5_hl.js') },
  transform: { ...base.transform, 'h5wasm/dist/node/.+\\.js$': Object.values(base.transform)[0] },
  transformIgnorePatterns: ['/node_modules/(?!h5wasm/)'],
};
