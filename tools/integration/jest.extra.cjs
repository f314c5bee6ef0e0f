module.exports = require('../workspace/jest.cjs')('integration', {
  testMatch: ['<rootDir>/src/**/*.extra.ts'],
  testTimeout: 600_000,
});
