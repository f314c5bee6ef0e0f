module.exports = require('../workspace/jest.cjs')('site', { testMatch: ['<rootDir>/src/**/*.extra.ts'] });
