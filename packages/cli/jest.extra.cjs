module.exports = require('../../tools/workspace/jest.cjs')('cli', { testMatch: ['<rootDir>/src/**/*.extra.ts'] });
