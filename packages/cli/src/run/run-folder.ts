import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { parseRecipe, type Recipe } from '@taggerjs/recipes';

import { writeWhole } from '../atomic-file';
import { CliError } from '../errors';
import { VERSION } from '../version';

/** The files of a run. */
const FILES = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  model: 'model.safetensors',
  pictures: 'pictures',
} as const;

/** What `config.json` holds: all that is needed to do the run again. */
export interface RunConfig {
  /** Version of the command that made the run. */
  readonly version: string;
  /** When it began, ISO 8601. */
  readonly started: string;
  /** What it ran on. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** Folder from which module paths in the recipe are looked up. */
  readonly baseFolder: string;
  /** The recipe with every value filled in. */
  readonly recipe: Recipe;
}

/** A run's folder: configuration, metrics, model and pictures. */
export interface RunFolder {
  readonly path: string;
  readonly config: RunConfig;
  /** Path of the model file. */
  readonly model: string;
  /** Adds a record to the metrics, one line of JSON. */
  record(metrics: Readonly<Record<string, unknown>>): Promise<void>;
  /** All records so far. */
  metrics(): Promise<Readonly<Record<string, unknown>>[]>;
  /** Path of a picture, without its ending. */
  picture(name: string): string;
}

/**
 * Makes the folder of a new run.
 *
 * @param out the folder; by default `runs/<recipe>-<date and time>` under the current one
 * @throws CliError `RUN_FOLDER` where it holds a run already, `FILE` where it cannot be made
 */
export async function createRunFolder(
  recipe: Recipe,
  options: { readonly out?: string; readonly baseFolder: string; readonly environment: RunConfig['environment'] },
): Promise<RunFolder> {
  const started = new Date();
  const stamp = started
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '')
    .replace('T', '-');
  const path = resolve(options.out ?? join('runs', `${recipe.name}-${stamp}`));
  if (await exists(join(path, FILES.config))) {
    throw new CliError(
      'RUN_FOLDER',
      `'${path}' holds a run already, and nothing of it is overwritten. Give another folder with --out, or remove it.`,
    );
  }
  await mkdir(join(path, FILES.pictures), { recursive: true }).catch((cause: Error) => {
    throw new CliError('FILE', `The folder '${path}' cannot be made: ${cause.message}`, { cause });
  });
  const config: RunConfig = {
    version: VERSION,
    started: started.toISOString(),
    environment: options.environment,
    baseFolder: options.baseFolder,
    recipe,
  };
  await writeWhole(join(path, FILES.config), `${JSON.stringify(config, null, 2)}\n`);
  return runFolder(path, config);
}

/**
 * Opens the folder of a run.
 *
 * @throws CliError `RUN_FOLDER` where it is none
 */
export async function openRunFolder(given: string): Promise<RunFolder> {
  const path = resolve(given);
  let text: string;
  try {
    text = await readFile(join(path, FILES.config), 'utf8');
  } catch (cause) {
    throw new CliError(
      'RUN_FOLDER',
      `'${given}' is no run: it has no ${FILES.config}. Give the folder that \`tagger train\` named, such as runs/shapes-quick-...`,
      { cause },
    );
  }
  try {
    const config = JSON.parse(text) as RunConfig;
    return runFolder(path, { ...config, recipe: parseRecipe(config.recipe) });
  } catch (cause) {
    throw new CliError(
      'RUN_FOLDER',
      `'${join(path, FILES.config)}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function runFolder(path: string, config: RunConfig): RunFolder {
  const metrics = join(path, FILES.metrics);
  return {
    path,
    config,
    model: join(path, FILES.model),
    record: (values) => appendFile(metrics, `${JSON.stringify(values)}\n`),
    async metrics() {
      if (!(await exists(metrics))) return [];
      const lines = (await readFile(metrics, 'utf8')).split('\n');
      // A run that was cut off may have half a line at its end.
      const whole = lines.slice(0, -1);
      return whole.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    picture: (name) => join(path, FILES.pictures, name),
  };
}

/** Whether there is a file or folder at a path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
