module.exports = require('../workspace/jest.cjs')('browser-tests', { testMatch: ['<rootDir>/src/**/*.extra.ts'] });
