module.exports = require('../../tools/workspace/jest.cjs')('pretrained');
