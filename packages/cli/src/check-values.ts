import { CliError } from './errors';

/** What a number may be. */
interface Range {
  readonly fits: (value: number) => boolean;
  /** In words, after `takes`. */
  readonly expected: string;
}

const wholeFrom1 = (most = Number.MAX_SAFE_INTEGER): Range => ({
  fits: (value) => Number.isInteger(value) && value >= 1 && value <= most,
  expected: most === Number.MAX_SAFE_INTEGER ? 'a whole number of at least 1' : `a whole number from 1 to ${most}`,
});
const FINITE: Range = { fits: Number.isFinite, expected: 'a number' };

/** The ranges of options that are numbers, by name: an option means the same in every command. */
const RANGES: Readonly<Record<string, Range>> = {
  steps: wholeFrom1(),
  minutes: { fits: (value) => Number.isFinite(value) && value > 0, expected: 'a number above 0' },
  examples: wholeFrom1(),
  of: wholeFrom1(),
  iterations: wholeFrom1(),
  // The number of a group is one byte.
  groups: wholeFrom1(256),
  threads: wholeFrom1(),
  jobs: wholeFrom1(),
  scale: wholeFrom1(100),
  seed: FINITE,
  threshold: FINITE,
};

/** Arguments of which there may be several. */
const LISTS = new Set(['_', 'images', 'runs']);

/**
 * Refuses what yargs lets pass: words in the place of numbers, numbers out of range, options without a value, with one that
 * they do not take, or given twice.
 *
 * @param args what yargs made of the command line
 * @param argv its words
 * @throws CliError `USAGE`
 */
export function checkValues(args: Readonly<Record<string, unknown>>, argv: readonly string[]): true {
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && !LISTS.has(name)) throw new CliError('USAGE', `--${name} is given more than once.`);
    const given = wordOf(name, argv);
    if (typeof value === 'boolean' && given !== undefined && given !== 'true' && given !== 'false') {
      throw new CliError('USAGE', `--${name} takes no value, or true or false; not '${given}'.`);
    }
    // A number without one is there, but undefined; after an equals sign yargs reads nothing as 0.
    if (value === '' || value === undefined || given === '') throw new CliError('USAGE', `--${name} needs a value.`);
    const range = RANGES[name];
    if (typeof value !== 'number') continue;
    if (Number.isNaN(value)) throw new CliError('USAGE', `--${name} takes ${range?.expected ?? 'a number'}.`);
    if (range && !range.fits(value)) {
      throw new CliError('USAGE', `--${name} takes ${range.expected}, not ${value}.`);
    }
  }
  return true;
}

/** What follows the equals sign of an option; undefined where it has none. */
function wordOf(name: string, argv: readonly string[]): string | undefined {
  const word = argv.find((word) => word.startsWith(`--${name}=`));
  return word?.slice(name.length + 3);
}
