module.exports = require('../workspace/jest.cjs')('bench', { testTimeout: 300_000 });
