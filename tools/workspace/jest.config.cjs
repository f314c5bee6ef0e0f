module.exports = require('./jest.cjs')('workspace');
