// Makes the shipped weights of a run: `npm run playground:weights -- RUN`.
//
// The model of the run's folder, or the newest checkpoint of a run under way, becomes `weights/shapes.safetensors`, as float16 where that changes no
// AMI, and `weights/shapes.json` says how it was trained and what it reaches. The moving picture of the documentation,
// `docs/public/thinking.svg`, is drawn by it.
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { useWasm } from '@taggerjs/backend-wasm';
import { shapes } from '@taggerjs/datasets';
import { getRecipe, type Recipe } from '@taggerjs/recipes';
import type { Tagger } from '@taggerjs/tagger';
import { loadTaggerFile, saveTaggerFile } from '@taggerjs/tagger/node';
import { evaluate } from '@taggerjs/train';

import { imageOf, sampleDrawing } from './drawing';
import { Engine } from './engine';
import type { GroupedImage } from './engine-types';
import { modelOfRun, REGISTRIES } from './model-of-run';
import { movingPicture } from './moving-picture';
import { overridesOf } from './overrides-of';

/** The largest file that a page should have to load. */
const MOST_BYTES = 4e6;
/** How much of the AMI float16 may cost. */
const MOST_LOST = 0.001;
const ITERATIONS = 5;
/** The moving picture: images, and the part of their elements that is turned over. */
const PICTURED = 4;
const NOISE = 0.1;

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
const { tagger, step, seconds } = await modelOfRun(run, recipe);
const full = await measure(tagger);
let dtype: 'float16' | 'float32' = 'float16';
await save(dtype);
let shipped = await measure(await loadTaggerFile(`${file}.new`, { registries: REGISTRIES }));
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
  step,
  steps: recipe.training.steps,
  hours: Number((seconds / 3600).toFixed(2)),
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

await writeFile(
  fileURLToPath(new URL('../../../docs/public/thinking.svg', import.meta.url)),
  movingPicture(await groupedSamples()),
);

/** The first test images that have three shapes apart from each other, with noise as in training. */
async function groupedSamples(): Promise<GroupedImage[]> {
  const engine = new Engine();
  await engine.load(await readFile(file));
  const images: GroupedImage[] = [];
  for (let index = 0; images.length < PICTURED; index++) {
    const { inputs, segments } = imageOf(sampleDrawing(index));
    const overlap = inputs.some((x, n) => x === 1 && segments![n] === 255);
    if (overlap) continue;
    const how = { noise: NOISE, groups: 4, iterations: ITERATIONS, seed: index };
    images.push(await engine.group({ inputs, segments, ...how }));
  }
  return images;
}

/** AMI and cost by iteration on the test images. */
async function measure(tagger: Tagger): Promise<{ ami: number[]; cost: number[] }> {
  const dataset = shapes({ split: 'test' });
  const { iterations } = await evaluate(tagger, dataset, { iterations: ITERATIONS, examples: EXAMPLES });
  const rounded = (value: number) => Number(value.toFixed(4));
  return { ami: iterations.map(({ ami }) => rounded(ami!)), cost: iterations.map(({ cost }) => rounded(cost)) };
}

async function save(dtype: 'float16' | 'float32'): Promise<void> {
  await saveTaggerFile(tagger, `${file}.new`, { metadata: { recipe: recipe.name }, dtype });
}
