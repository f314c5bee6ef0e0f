// The benchmark tool: `npm run bench -- <command> [options]`.
import { ContestantError } from './contestants/line-process';
import { measure } from './measure';
import { MEASUREMENTS } from './measurements/measurements';
import { record } from './record';
import { recordParity } from './record-parity';
import { backendsDocument } from './report/backends-document';
import { write } from './report/generated-document';
import { performanceDocument } from './report/performance-document';

const [name = '', ...args] = process.argv.slice(2);
try {
  if (name in MEASUREMENTS) await measure(name, args);
  else if (name === 'record') await record(args);
  else if (name === 'backends') await recordParity();
  else if (name === 'report') {
    write('performance.md', await performanceDocument());
    write('backends.md', await backendsDocument());
  } else explain();
} catch (error) {
  // An invalid command line, or a variant that cannot take part and has reported why.
  const { code } = error as { code?: unknown };
  const isExpected =
    error instanceof RangeError || error instanceof ContestantError || String(code).startsWith('ERR_PARSE_ARGS');
  if (!isExpected) throw error;
  console.error((error as Error).message);
  process.exitCode = 2;
}

function explain(): void {
  const lines = Object.entries(MEASUREMENTS).map(([command, { summary }]) => `  ${command.padEnd(11)} ${summary}`);
  console.error(
    [
      'usage: npm run bench -- <command> [options]; tools/bench/README.md lists the options',
      '',
      ...lines,
      '  record      all of them, into docs/performance/*.json; then docs/performance.md',
      '  backends    the parity suite on every backend, into docs/backends/parity.json; then docs/backends.md',
      '  report      docs/performance.md and docs/backends.md from what is recorded',
    ].join('\n'),
  );
  process.exitCode = 2;
}
