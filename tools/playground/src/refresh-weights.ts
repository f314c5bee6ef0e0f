// Makes the shipped weights of a run: `npm run playground:weights -- RUN`.
//
// The model of the run's folder, or the newest checkpoint of a run under way, or that of --step, becomes `weights/shapes.safetensors`, or
// `weights/textures.safetensors` of a run on two digits of texture, as float16 where that changes no AMI, and a file of JSON beside
// it says how it was trained and what it reaches. The page offers a model whose weights are there. The moving picture of the
// documentation, `docs/public/thinking.svg`, is drawn by that of Shapes.
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { useWasm } from '@taggerjs/backend-wasm';
import { shapes, type Dataset, type Split } from '@taggerjs/datasets';
import { getRecipe, type Recipe } from '@taggerjs/recipes';
import type { Tagger } from '@taggerjs/tagger';
import { loadTaggerFile, saveTaggerFile } from '@taggerjs/tagger/node';
import { evaluate } from '@taggerjs/train';

import { imageOf, sampleDrawing } from './images/drawing';
import { Engine } from './engine/engine';
import type { GroupedImage } from './engine/calls';
import type { ModelName } from './models/model-kinds';
import { modelOfRun, REGISTRIES } from './model-of-run';
import { movingPicture } from './moving-picture';
import { overridesOf } from './overrides-of';
import { textureMnist2 } from './texture-mnist-2';

/** The largest file that a page should have to load, in megabytes. */
const MOST_MEGABYTES = '4';
/** How much of the AMI float16 may cost. */
const MOST_LOST = 0.001;
const ITERATIONS = 5;
/** The moving picture: images, and the part of their elements that is turned over. */
const PICTURED = 4;
const NOISE = 0.1;

const weights = fileURLToPath(new URL('../weights/', import.meta.url));

const {
  values: { examples: examplesText, 'max-megabytes': mostText, step: stepText },
  positionals: [run],
} = parseArgs({
  options: {
    examples: { type: 'string', default: '10000' },
    'max-megabytes': { type: 'string', default: MOST_MEGABYTES },
    step: { type: 'string' },
  },
  allowPositionals: true,
});
const EXAMPLES = Number(examplesText);
const MOST_BYTES = 1e6 * Number(mostText);
if (run === undefined || !Number.isInteger(EXAMPLES) || !(MOST_BYTES > 0)) {
  console.error(
    'usage: npm run playground:weights -- RUN [--step N] [--examples N] [--max-megabytes 4]      RUN: a folder that `tagger train` wrote',
  );
  process.exit(2);
}
await useWasm();
const { recipe, environment, started } = JSON.parse(await readFile(join(run, 'config.json'), 'utf8')) as {
  recipe: Recipe;
  environment: { processor: string; backendSetup: string; node: string };
  started: string;
};
const name = nameOf(recipe);
const file = join(weights, `${name}.safetensors`);
const { tagger, step, seconds } = await modelOfRun(
  run,
  recipe,
  await datasetOf('train'),
  stepText === undefined ? undefined : Number(stepText),
);
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
if (bytes > MOST_BYTES) {
  await rm(`${file}.new`);
  throw new Error(
    `As ${dtype} the model takes ${(bytes / 1e6).toFixed(2)} MB, and a page should not have to load more than ${mostText}. Train one ` +
      'with a smaller model.core.hiddenSize, or allow for more with --max-megabytes.',
  );
}
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
await writeFile(join(weights, `${name}.json.new`), `${JSON.stringify(about, null, 2)}\n`);
await rename(join(weights, `${name}.json.new`), join(weights, `${name}.json`));
console.log(
  `${file}: ${(bytes / 1e6).toFixed(2)} MB as ${dtype}, AMI ${shipped.ami.map((ami) => ami.toFixed(4)).join(' ')}`,
);

if (name === 'shapes') {
  await writeFile(
    fileURLToPath(new URL('../../../docs/public/thinking.svg', import.meta.url)),
    movingPicture(await groupedSamples()),
  );
}

/** Which of the page's models a run is one of. */
function nameOf({ data, model }: Recipe): ModelName {
  if (model.type === undefined && data.type === 'shapes') return 'shapes';
  if (model.type === undefined && data.type === 'texture-mnist-2') return 'textures';
  throw new Error(
    `'${run}' is no run of a Tagger on Shapes or on two digits of texture, for which the page has images.`,
  );
}

/** The data that the run is of, as the command makes it. */
async function datasetOf(split: Split): Promise<Dataset> {
  const { data } = recipe;
  if (data.type === 'shapes') return shapes({ split, seed: data.seed, size: data.sizes[split] });
  const { seed, sizes } = data as Extract<Recipe['data'], { type: 'texture-mnist-2' }>;
  return textureMnist2(split, { seed, size: sizes[split] });
}

/** The first test images that have three shapes apart from each other, with noise as in training. */
async function groupedSamples(): Promise<GroupedImage[]> {
  const engine = new Engine();
  await engine.load(await readFile(file), 'shapes');
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
  const dataset = await datasetOf('test');
  const { iterations } = await evaluate(tagger, dataset, { iterations: ITERATIONS, examples: EXAMPLES });
  const rounded = (value: number) => Number(value.toFixed(4));
  return { ami: iterations.map(({ ami }) => rounded(ami!)), cost: iterations.map(({ cost }) => rounded(cost)) };
}

async function save(dtype: 'float16' | 'float32'): Promise<void> {
  await saveTaggerFile(tagger, `${file}.new`, { metadata: { recipe: recipe.name }, dtype });
}
