module.exports = require('../workspace/jest.cjs')('browser');
