// The benchmark tool: `npm run bench -- <command> [options]`.
import { COMMANDS } from './commands';
import { ContestantError } from './contestants/line-process';
import { measure } from './measure';
import { record } from './record';
import { recordBackends } from './record-backends';
import { writeBackendsDocument } from './report/write-backends-document';
import { writePerformanceDocument } from './report/write-performance-document';

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
try {
  if (command !== undefined) await measure(command, args);
  else if (name === 'record') await record(args);
  else if (name === 'backends') console.log(`Wrote ${await recordBackends(args)}`);
  else if (name === 'report') console.log(`Wrote ${writePerformanceDocument()} and ${writeBackendsDocument()}`);
  else explain();
} catch (error) {
  // An invalid command line, or a contestant that cannot take part and has reported why.
  const isExpected = error instanceof RangeError || error instanceof ContestantError || isParseError(error);
  if (!isExpected) throw error;
  console.error((error as Error).message);
  process.exitCode = 2;
}

function isParseError(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}

function explain(): void {
  const lines = Object.entries(COMMANDS).map(([command, { summary }]) => `  ${command.padEnd(11)} ${summary}`);
  console.error(
    ['usage: npm run bench -- <command> [options]; tools/bench/README.md has the options', '', ...lines]
      .concat('  record      all of them, into docs/performance/*.json, then the report')
      .concat('  backends    parity and steps on every backend, into docs/backends/*.json, then docs/backends.md')
      .concat('  report      docs/performance.md and docs/backends.md from what is recorded')
      .join('\n'),
  );
  process.exitCode = 2;
}
