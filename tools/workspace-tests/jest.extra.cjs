module.exports = require('../workspace/jest.cjs')('workspace', { testMatch: ['<rootDir>/src/**/*.extra.ts'] });
