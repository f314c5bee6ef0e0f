import { CommanderError } from 'commander';

import { createProgram } from './program';
import { EXIT_CODES } from './errors';
import { createOutput, type Output } from './terminal/output';

/** Where a command writes. */
export interface MainOptions {
  /** Results. @default process.stdout */
  readonly stdout?: NodeJS.WritableStream;
  /** Progress and errors. @default process.stderr */
  readonly stderr?: NodeJS.WritableStream;
}

/** Error codes for mistakes in the command line or a recipe, with exit code 2. */
const USAGE_CODES = new Set([
  'USAGE',
  'INVALID_OPTION',
  'UNKNOWN_TYPE',
  'UNKNOWN_RECIPE',
  'UNKNOWN_MODEL',
  'INVALID_RECIPE',
  'UNKNOWN_PATH',
]);

/**
 * Runs the `tagger` command.
 *
 * @param argv the words after `tagger`
 * @returns the exit code, see {@link EXIT_CODES}
 */
export async function main(argv: readonly string[], options: MainOptions = {}): Promise<number> {
  const output = createOutput(options);
  let exitCode: number = EXIT_CODES.ok;
  try {
    const program = createProgram({ output, setExitCode: (code) => (exitCode = code) });
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander throws after it has printed the help or the version.
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    else exitCode = reportError(error, { output, json: asksForJson(argv) });
  }
  // A stream reports a failed write only later.
  await new Promise((resolve) => setImmediate(resolve));
  const lost = output.lost();
  if (lost !== undefined) {
    output.error(`tagger: cannot write the output: ${lost.message}`);
    exitCode = EXIT_CODES.failed;
  }
  return exitCode;
}

/** Prints an error, also as JSON if `--json` is given, and returns the exit code. */
function reportError(error: unknown, { output, json }: { readonly output: Output; readonly json: boolean }): number {
  const message = error instanceof Error ? error.message : String(error);
  const stack = process.env['TAGGER_DEBUG'] && error instanceof Error ? error.stack : undefined;
  output.error(stack ?? `tagger: ${message}`);
  const { code } = Object(error) as { code?: unknown };
  const exitCode = typeof code === 'string' && USAGE_CODES.has(code) ? EXIT_CODES.usage : EXIT_CODES.failed;
  if (json) {
    const word = typeof code === 'string' ? code : 'FAILED';
    output.print(JSON.stringify({ error: { code: word, message, exitCode } }, null, 2));
  }
  return exitCode;
}

/** Whether `--json` is given. Searches the words, because a command line with mistakes has no parsed options. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}
