module.exports = require('../workspace/jest.cjs')('site');
