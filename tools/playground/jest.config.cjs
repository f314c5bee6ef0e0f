module.exports = require('../workspace/jest.cjs')('playground');
