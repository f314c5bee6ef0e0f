import { InvalidArgumentError } from 'commander';
import { distance } from 'fastest-levenshtein';

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
    // The next word, unless it is another option.
    const value = own ?? (words[0]?.startsWith('--') ? undefined : words.shift());
    result.push(value === undefined ? `--set=${path}` : `--set=${path}=${value}`);
  }
  return [...result, ...(end < 0 ? [] : argv.slice(end))];
}

/** The values that are set most often. The complete list needs the schema of recipes, which takes long to load. */
export const COMMON_PATHS = [
  'data.type',
  'data.sizes.train',
  'model.groups',
  'model.iterations',
  'model.noise.probability',
  'model.core.hiddenSize',
  'model.core.mapping.sizes',
  'training.batchSize',
  'training.epochs',
  'training.steps',
  'training.maxMinutes',
  'training.seed',
  'training.clipNorm',
  'training.optimizer.learningRate',
  'training.ema.decay',
  'evaluation.examples',
  'evaluation.everySteps',
  'checkpoint.everySteps',
  'checkpoint.keep',
];

/**
 * The option for a value of the recipe that an unknown option probably means, because its last key starts similarly:
 * `--bacth` or `--batch` mean `--training.batchSize`.
 */
export function similarRecipeOption(flag: string): string | undefined {
  const word = flag.replace(/^-+/, '').toLowerCase();
  const edits = (path: string) => {
    const key = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
    return Math.min(distance(word, key), distance(word, key.slice(0, word.length)));
  };
  const [nearest] = COMMON_PATHS.map((path) => ({ path, edits: edits(path) })).sort((a, b) => a.edits - b.edits);
  return nearest && nearest.edits <= 2 && nearest.edits < word.length / 2 ? `--${nearest.path}` : undefined;
}
