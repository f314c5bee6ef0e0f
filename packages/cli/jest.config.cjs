// Two workers, because the tests mostly wait for the commands that they run.
module.exports = require('../../tools/workspace/jest.cjs')('cli', { maxWorkers: 2 });
