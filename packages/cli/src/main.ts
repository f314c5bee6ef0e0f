import yargs from 'yargs';

import { evaluateCommand } from './commands/evaluate';
import { infoCommand } from './commands/info';
import { recipesCommand } from './commands/recipes';
import { showCommand } from './commands/show';
import { trainCommand } from './commands/train';
import { CliError, EXIT_CODES } from './errors';
import { extractOverrides } from './overrides';
import { createOutput, type Output } from './output';
import { VERSION } from './version';

/** Where a command writes. */
export interface MainOptions {
  /** Results. @default process.stdout */
  readonly stdout?: NodeJS.WritableStream;
  /** Progress and errors. @default process.stderr */
  readonly stderr?: NodeJS.WritableStream;
}

/** Words of the errors that are the user's to mend: exit code 2. */
const USAGE_CODES = new Set([
  'USAGE',
  'INVALID_OPTION',
  'UNKNOWN_TYPE',
  'UNKNOWN_RECIPE',
  'INVALID_RECIPE',
  'UNKNOWN_KEY',
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
    const { rest, overrides } = extractOverrides(argv);
    const context = { output, overrides, setExitCode: (code: number) => (exitCode = code) };
    await createParser(rest, context).parseAsync();
  } catch (error) {
    if (process.env['TAGGER_DEBUG'])
      output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    else output.error(`tagger: ${error instanceof Error ? error.message : String(error)}`);
    const code = (error as { code?: unknown } | null)?.code;
    exitCode = typeof code === 'string' && USAGE_CODES.has(code) ? EXIT_CODES.usage : EXIT_CODES.failed;
  }
  return exitCode;
}

/** What commands are given beside their arguments. */
export interface CommandContext {
  readonly output: Output;
  /** Values for places of the recipe: `--training.batchSize 50`, `--set training.batchSize=50`. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly setExitCode: (code: number) => void;
}

function createParser(argv: readonly string[], context: CommandContext) {
  return yargs([...argv])
    .scriptName('tagger')
    .usage('$0 <command>\n\nTrain Taggers, measure how they group, and look at the groups.')
    .command(trainCommand(context))
    .command(evaluateCommand(context))
    .command(showCommand(context))
    .command(recipesCommand(context))
    .command(infoCommand(context))
    .completion('completion', 'Print a completion script for the shell')
    .demandCommand(1, 'Say what to do: train, evaluate, show, recipes or info. `tagger --help` tells more.')
    .strict()
    .recommendCommands()
    .help()
    .alias('help', 'h')
    .version(VERSION)
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw (
        error ??
        new CliError(
          'USAGE',
          `${message}\nRun \`tagger --help\`, or \`tagger <command> --help\`, to see what it takes.`,
        )
      );
    });
}
