import { CliError } from '../errors';

/** The parts of a recipe whose values may be given as flags of their own. */
const SECTIONS = ['data', 'model', 'training', 'evaluation', 'checkpoint'];

/**
 * Takes the flags that name a place in the recipe out of a command line: `--training.batchSize 50`,
 * `--training.batchSize=50`, `--set training.batchSize=50`.
 *
 * @throws CliError `USAGE` where a value is missing
 */
export function extractOverrides(argv: readonly string[]): {
  readonly rest: string[];
  readonly overrides: Record<string, string>;
} {
  const rest: string[] = [];
  const overrides: Record<string, string> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') {
      rest.push(...argv.slice(i));
      break;
    }
    const flag = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    const name = flag?.[1] ?? '';
    if (name !== 'set' && !SECTIONS.some((section) => name.startsWith(`${section}.`))) {
      rest.push(word);
      continue;
    }
    const given = flag?.[2] ?? argv[++i];
    if (given === undefined) {
      const example = name === 'set' ? '--set training.batchSize=50' : `--${name} VALUE`;
      throw new CliError('USAGE', `--${name} needs a value: ${example}`);
    }
    if (name !== 'set') {
      overrides[name] = given;
      continue;
    }
    const equals = given.indexOf('=');
    if (equals < 1)
      throw new CliError('USAGE', `--set takes PATH=VALUE, such as training.batchSize=50, not '${given}'.`);
    overrides[given.slice(0, equals)] = given.slice(equals + 1);
  }
  return { rest, overrides };
}
