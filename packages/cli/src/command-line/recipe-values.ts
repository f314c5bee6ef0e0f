import { InvalidArgumentError } from 'commander';

/** The sections of a recipe. An option whose name begins with one of them names a value of the recipe. */
const SECTIONS = ['data', 'model', 'training', 'evaluation', 'checkpoint'];

/** Values of a recipe by their paths, as the command line gives them: `{ 'training.batchSize': '50' }`. */
export type RecipeValues = Readonly<Record<string, string>>;

/**
 * Parses the value of `--set`, `training.batchSize=50`, and adds it to the previous values. Values may contain equals signs.
 *
 * @throws InvalidArgumentError if the path is missing
 */
export function addRecipeValue(given: string, values: RecipeValues): RecipeValues {
  const equals = given.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Expected PATH=VALUE, such as training.batchSize=50.');
  return { ...values, [given.slice(0, equals)]: given.slice(equals + 1) };
}

/**
 * Rewrites options that name a value of the recipe: `--training.batchSize 50` and `--training.batchSize=50` become
 * `--set=training.batchSize=50`. Words after `--` stay. A missing value is left to the parser of `--set`.
 */
export function withSetOptions(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const words = end < 0 ? [...argv] : argv.slice(0, end);
  const result: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, path, own] = /^--(\w+\.[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (path === undefined || !SECTIONS.includes(path.split('.')[0] as string)) {
      result.push(word);
      continue;
    }
    const value = own ?? words.shift();
    result.push(value === undefined ? `--set=${path}` : `--set=${path}=${value}`);
  }
  return [...result, ...(end < 0 ? [] : argv.slice(end))];
}
