const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, relative, resolve } = require('node:path');

/** A Jest reporter that writes the results of all tests to a file, in the format that `npm test` counts. */
module.exports = class ResultsReporter {
  constructor({ rootDir }, { file }) {
    this.rootDir = rootDir;
    this.file = resolve(rootDir, file);
  }

  onRunComplete(_, { testResults }) {
    const results = testResults.flatMap(({ testFilePath, testExecError, failureMessage, testResults: tests }) => {
      const suite = relative(this.rootDir, testFilePath);
      // A file that does not run, or fails outside its tests, counts as one failure.
      const broken = testExecError || (failureMessage && !tests.some(({ status }) => status === 'failed'));
      return [
        ...tests.map(({ fullName, status }) => ({ name: `${suite}: ${fullName}`, status })),
        ...(broken ? [{ name: `${suite} runs`, status: 'failed' }] : []),
      ];
    });
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, `${JSON.stringify({ results }, null, 2)}\n`);
  }
};
