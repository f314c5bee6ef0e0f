module.exports = require('../workspace/jest.cjs')('browser', { testMatch: ['<rootDir>/src/**/*.extra.ts'] });
