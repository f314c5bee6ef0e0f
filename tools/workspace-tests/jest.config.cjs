module.exports = require('../workspace/jest.cjs')('workspace');
