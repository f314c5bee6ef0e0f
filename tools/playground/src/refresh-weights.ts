// Makes the shipped weights of a run: `npm run playground:weights -- RUN`.
//
// The model of the run's folder (`model.safetensors`) becomes `weights/shapes.safetensors`, as float16 where that changes no
// AMI, and `weights/shapes.json` says how it was trained and what it reaches.
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { useWasm } from '@taggerjs/backend-wasm';
import { shapes } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { getRecipe, type Recipe } from '@taggerjs/recipes';
import { loadTaggerFile, saveTaggerFile } from '@taggerjs/tagger/node';
import { evaluate } from '@taggerjs/train';

import { overridesOf } from './overrides-of';

/** The largest file that a page should have to load. */
const MOST_BYTES = 4e6;
/** How much of the AMI float16 may cost. */
const MOST_LOST = 0.001;
const ITERATIONS = 5;

const weights = fileURLToPath(new URL('../weights/', import.meta.url));
const file = join(weights, 'shapes.safetensors');

const {
  values: { examples: examplesText },
  positionals: [run],
} = parseArgs({ options: { examples: { type: 'string', default: '10000' } }, allowPositionals: true });
const EXAMPLES = Number(examplesText);
if (run === undefined || !Number.isInteger(EXAMPLES)) {
  console.error('usage: npm run playground:weights -- RUN [--examples N]      RUN: a folder that `tagger train` wrote');
  process.exit(2);
}
await useWasm();
const { recipe, environment, started } = JSON.parse(await readFile(join(run, 'config.json'), 'utf8')) as {
  recipe: Recipe;
  environment: { processor: string; backendSetup: string; node: string };
  started: string;
};
const metrics = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trim().split('\n');
const last = metrics.map((line) => JSON.parse(line)).findLast(({ type }) => type === 'evaluation');

const source = join(run, 'model.safetensors');
const full = await measure(source);
const metadata = { recipe: recipe.name };
let dtype: 'float16' | 'float32' = 'float16';
await save(dtype);
let shipped = await measure(`${file}.new`);
const lost = Math.max(...full.ami.map((ami, i) => Math.abs(ami - shipped.ami[i]!)));
if (lost > MOST_LOST) {
  console.log(`float16 changes an AMI by ${lost.toFixed(4)}: float32 it is.`);
  dtype = 'float32';
  await save(dtype);
  shipped = full;
}
const { size: bytes } = await stat(`${file}.new`);
if (bytes > MOST_BYTES) throw new Error(`The file has ${bytes} bytes; a page should not load more than ${MOST_BYTES}.`);
await rename(`${file}.new`, file);

const about = {
  command: ['tagger train', recipe.name, ...overridesOf(recipe, getRecipe(recipe.name))].join(' '),
  seed: recipe.training.seed,
  started,
  steps: last?.step,
  hours: Number((last?.seconds === undefined ? NaN : trainedSeconds(metrics) / 3600).toFixed(2)),
  processor: environment.processor,
  backend: environment.backendSetup,
  node: environment.node,
  dtype,
  bytes,
  split: 'test',
  examples: EXAMPLES,
  ...shipped,
  largestChangeOfAmiByDtype: Number((dtype === 'float16' ? lost : 0).toFixed(6)),
};
await writeFile(join(weights, 'shapes.json.new'), `${JSON.stringify(about, null, 2)}\n`);
await rename(join(weights, 'shapes.json.new'), join(weights, 'shapes.json'));
console.log(
  `${file}: ${(bytes / 1e6).toFixed(2)} MB as ${dtype}, AMI ${shipped.ami.map((ami) => ami.toFixed(4)).join(' ')}`,
);

/** AMI and cost by iteration on the test images. */
async function measure(path: string): Promise<{ ami: number[]; cost: number[] }> {
  const tagger = await loadTaggerFile(path, { registries: { mappings: { ladder } } });
  const dataset = shapes({ split: 'test' });
  const { iterations } = await evaluate(tagger, dataset, { iterations: ITERATIONS, examples: EXAMPLES });
  tagger.dispose();
  const rounded = (value: number) => Number(value.toFixed(4));
  return { ami: iterations.map(({ ami }) => rounded(ami!)), cost: iterations.map(({ cost }) => rounded(cost)) };
}

async function save(dtype: 'float16' | 'float32'): Promise<void> {
  const tagger = await loadTaggerFile(source, { registries: { mappings: { ladder } } });
  await saveTaggerFile(tagger, `${file}.new`, { metadata, dtype });
  tagger.dispose();
}

/** Seconds of training so far, by the last line that says them of the whole run. */
function trainedSeconds(lines: readonly string[]): number {
  return JSON.parse(lines.findLast((line) => /"type":"(step|end)"/.test(line))!).seconds;
}
