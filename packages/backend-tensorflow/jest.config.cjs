module.exports = require('../../tools/workspace/jest.cjs')('backend-tensorflow');
