module.exports = require('../workspace/jest.cjs')('integration', { testTimeout: 300_000, maxWorkers: 2 });
