import { closest } from '@taggerjs/recipes';
import yargs from 'yargs';

import { compareCommand } from './commands/compare';
import { convertCommand } from './commands/convert';
import { dataCommand } from './commands/data';
import { evaluateCommand } from './commands/evaluate';
import { exportCommand } from './commands/export';
import { groupCommand } from './commands/group';
import { infoCommand } from './commands/info';
import { metricsCommand } from './commands/metrics';
import { parityCommand } from './commands/parity';
import { recipesCommand } from './commands/recipes';
import { resumeCommand } from './commands/resume';
import { showCommand } from './commands/show';
import { sweepCommand } from './commands/sweep';
import { trainCommand } from './commands/train';
import { checkValues } from './check-values';
import { CliError, EXIT_CODES } from './errors';
import { extractOverrides } from './command-line/recipe-values';
import { STANDARD_INPUT } from './images/read-inputs';
import { createOutput, type Output } from './terminal/output';
import { VERSION } from './version';

/** Where a command writes. */
export interface MainOptions {
  /** Results. @default process.stdout */
  readonly stdout?: NodeJS.WritableStream;
  /** Progress and errors. @default process.stderr */
  readonly stderr?: NodeJS.WritableStream;
}

/** Codes of the errors that are the user's to mend: exit code 2. */
const USAGE_CODES = new Set([
  'USAGE',
  'INVALID_OPTION',
  'UNKNOWN_TYPE',
  'UNKNOWN_RECIPE',
  'INVALID_RECIPE',
  'UNKNOWN_PATH',
]);

const COMMANDS = [
  'train',
  'resume',
  'evaluate',
  'show',
  'group',
  'compare',
  'export',
  'convert',
  'sweep',
  'metrics',
  'data',
  'parity',
  'recipes',
  'info',
  'completion',
];

/** What to say where a command is given without its argument. */
const MISSING: Readonly<Record<string, string>> = {
  train: "Say which recipe, by its name or as a JSON file of one's own: `tagger train shapes-quick`.",
  resume: 'Say which run, by the folder that `tagger train` named: `tagger resume runs/mine`.',
  evaluate: 'Say which run, by the folder that `tagger train` named: `tagger evaluate runs/mine`.',
  show: 'Say which run, by the folder that `tagger train` named: `tagger show runs/mine`.',
  compare: 'Say which runs, by their folders: `tagger compare runs/a runs/b`.',
  metrics: 'Say which run, by the folder that `tagger train` named: `tagger metrics runs/mine`.',
  sweep: 'Say which recipe, by its name or as a JSON file: `tagger sweep shapes-quick --seeds 0..4`.',
  data: 'Say which data, and where to write: `tagger data texture-mnist-2 --out texture-mnist-2.npz`.',
  export: 'Say which run, and where to write: `tagger export runs/mine --out mine.safetensors`.',
  convert:
    'Say which file, its recipe, and where to write: `tagger convert trained_params.npz --recipe shapes-paper --out shapes.safetensors`.',
  group: 'Say which model and which images: `tagger group runs/mine image.png`.',
};

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
    const { rest: words, overrides } = extractOverrides(argv);
    refuseOverrides(words, overrides);
    const rest = words.map((word) => (word === '-' ? STANDARD_INPUT : word));
    const context = { output, overrides, setExitCode: (code: number) => (exitCode = code) };
    // What yargs has to say (help, the version, completions) goes where everything goes.
    await createParser(rest, context).parseAsync([...rest], {}, (_error, _args, text) => {
      if (text !== '') output.print(text);
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (process.env['TAGGER_DEBUG'])
      output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    else output.error(`tagger: ${message}`);
    const { code } = Object(error) as { code?: unknown };
    exitCode = typeof code === 'string' && USAGE_CODES.has(code) ? EXIT_CODES.usage : EXIT_CODES.failed;
    // Whoever reads JSON reads why there is no result.
    if (asksForJson(argv)) {
      const word = typeof code === 'string' ? code : 'FAILED';
      output.print(JSON.stringify({ error: { code: word, message, exitCode } }, null, 2));
    }
  }
  // A stream reports what it could not write after the write.
  await new Promise((resolve) => setImmediate(resolve));
  const lost = output.lost();
  if (lost !== undefined) {
    output.error(`tagger: the output cannot be written: ${lost.message}`);
    exitCode = EXIT_CODES.failed;
  }
  return exitCode;
}

/** Whether the result is asked for as JSON; also where the command line is wrong and was not parsed. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).some((word) => /^--json(=true)?$/.test(word));
}

/** The commands that take a recipe. Of the others, `--help` says what there is. */
const TAKE_RECIPES = ['train', 'sweep', 'convert'];

/** Refuses values of a recipe where they would have no effect. */
function refuseOverrides(words: readonly string[], overrides: Readonly<Record<string, string>>): void {
  const command = commandOf(words);
  const [path] = Object.keys(overrides);
  if (path === undefined || !COMMANDS.includes(command) || TAKE_RECIPES.includes(command)) return;
  throw new CliError(
    'USAGE',
    `'${path}' is a value of a recipe, which \`tagger ${command}\` does not take. Run \`tagger ${command} --help\` to see ` +
      'the options it has of its own.',
  );
}

const commandOf = (words: readonly string[]) => words.find((word) => !word.startsWith('-')) ?? '';

/** What commands are given beside their arguments. */
export interface CommandContext {
  readonly output: Output;
  /** Values for places of the recipe: `--training.batchSize 50`, `--set training.batchSize=50`. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly setExitCode: (code: number) => void;
}

function createParser(argv: readonly string[], context: CommandContext) {
  const command = commandOf(argv);
  const parser = yargs()
    .scriptName('tagger')
    // What is said about mistakes goes by the words of yargs, which it would translate, and only those.
    .locale('en')
    .usage('$0 <command>\n\nTrain Taggers, measure how they group, and look at the groups.')
    .command(trainCommand(context))
    .command(resumeCommand(context))
    .command(evaluateCommand(context))
    .command(showCommand(context))
    .command(groupCommand(context))
    .command(compareCommand(context))
    .command(exportCommand(context))
    .command(convertCommand(context))
    .command(sweepCommand(context))
    .command(metricsCommand(context))
    .command(dataCommand(context))
    .command(parityCommand(context))
    .command(recipesCommand(context))
    .command(infoCommand(context))
    .completion('completion', 'Print a completion script for the shell')
    .demandCommand(
      1,
      'Say what to do: train, resume, evaluate, show, group, compare, export, convert, sweep, metrics, data, parity, recipes or info. `tagger --help` tells more.',
    )
    .check((args) => checkValues(args, argv))
    .epilogue(
      'Results go to standard output, progress and errors to standard error. Exit codes: 0 done, 1 failed, 2 wrong command ' +
        'line or recipe, 130 and 143 ended by Ctrl-C or SIGTERM.',
    )
    .strict()
    .recommendCommands()
    .help()
    .alias('help', 'h')
    .version(VERSION)
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      if (error instanceof Error) throw error;
      // The command's own and those of all; beside a name with hyphens there is the same in camel case.
      const names = parser.parsed === false ? [] : Object.keys(parser.parsed.aliases);
      const options = names.filter((name) => !/[A-Z]/.test(name) && name.length > 1);
      throw new CliError('USAGE', problemOf(message, command, argv, options));
    });
  return parser;
}

/** What yargs found wrong, in words that say what to write instead. */
function problemOf(message: string, command: string, argv: readonly string[], options: readonly string[]): string {
  if (!COMMANDS.includes(command)) {
    const meant = message.startsWith('Unknown') ? `There are ${COMMANDS.join(', ')}.` : message;
    const problem = command === '' ? message : `There is no command '${command}'. ${meant}`;
    return `${problem}\nRun \`tagger --help\` to see what there is.`;
  }
  return `${withExample(message, command, argv, options)}\nRun \`tagger ${command} --help\` to see what it takes.`;
}

/** `listed`: what may be chosen, each in quotes, as yargs lists it. */
function withChoices(name: string, given: string, listed: string, argv: readonly string[]): string {
  const choices = Array.from(listed.matchAll(/"([^"]*)"/g), ([, choice]) => choice as string);
  const isOption = argv.some((word) => word.split('=')[0] === `--${name}`);
  const meant = closest(given, choices);
  return (
    `${isOption ? `--${name}` : name} must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, not '${given}'.` +
    (meant === undefined ? '' : ` Did you mean ${meant}?`)
  );
}

function withExample(message: string, command: string, argv: readonly string[], options: readonly string[]): string {
  const example = MISSING[command] ?? '';
  if (message.startsWith('Not enough non-option arguments')) return example || message;
  const required = /^Missing required arguments?: ([^]+)$/.exec(message)?.[1];
  if (required !== undefined) {
    const names = required.split(', ').map((name) => `--${name}`);
    return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing. ${example}`;
  }
  const [, name, given, listed] = /Argument: ([^,]+), Given: "([^"]*)".*, Choices: (.+)/.exec(message) ?? [];
  if (name !== undefined && given !== undefined && listed !== undefined) return withChoices(name, given, listed, argv);
  const [, names] = /^Unknown arguments?: ([^]+)$/.exec(message) ?? [];
  const [unknown] = names?.split(', ') ?? [];
  if (unknown === undefined) return message;
  const flag = argv.find((word) => word.replace(/^--?(no-)?/, '').split('=')[0] === unknown && word.startsWith('-'));
  if (flag === undefined) return `'${unknown}' is one word too many. ${example}`.trimEnd();
  const value = TAKE_RECIPES.includes(command)
    ? ' A value of the recipe is given by its place in it: --training.batchSize 50.'
    : '';
  // An unknown one with hyphens is among those that were parsed.
  const meant = closest(
    unknown,
    options.filter((name) => name !== unknown),
  );
  return `There is no option ${flag.split('=')[0]}.${meant === undefined ? value : ` Did you mean --${meant}?`}`;
}
