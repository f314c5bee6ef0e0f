// The package computes nothing that depends on the backend, so its tests run on the one that users train on.
module.exports = require('../../tools/workspace/jest.cjs')('train', { wasmOnly: true });
