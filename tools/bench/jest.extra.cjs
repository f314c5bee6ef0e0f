module.exports = { ...require('./jest.config.cjs'), testMatch: ['<rootDir>/src/**/*.extra.ts'] };
