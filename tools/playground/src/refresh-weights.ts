// Writes the shipped weights of a run: `npm run playground:weights -- RUN`.
//
// The model is that of the run, of its newest checkpoint if training has not finished, or of the checkpoint of --step. It
// becomes `weights/shapes.safetensors`, or `weights/textures.safetensors` for a run on two textured digits: float16 if that
// changes no AMI. A JSON file next to it records how it was trained and what it reaches. The page offers the models whose
// weights exist. The model of Shapes also draws `docs/public/thinking.svg`.
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { useWasm } from '@taggerjs/backend-wasm';
import { loadTaggerFile, openRun } from '@taggerjs/experiment/node';
import { getRecipe, type Recipe } from '@taggerjs/recipes';
import type { Tagger } from '@taggerjs/tagger';
import { saveTaggerFile } from '@taggerjs/tagger/node';
import { evaluate } from '@taggerjs/train';

import { imageOf, sampleDrawing } from './images/drawing';
import { Engine } from './engine/engine';
import type { GroupedImage } from './engine/calls';
import type { ModelName } from './models/model-kinds';
import { movingPicture } from './moving-picture';
import { overridesOf } from './overrides-of';

/** Size limit of the file, in megabytes. */
const MOST_MEGABYTES = '4';
/** Largest change of an AMI by float16. */
const MOST_LOST = 0.001;
const ITERATIONS = 5;
/** The animated picture: number of images, and probability of a flip. */
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
const trained = await openRun(run);
const { recipe, started } = trained.config;
const environment = trained.config.environment as { processor: string; backendSetup: string; node: string };
const name = nameOf(recipe);
const file = join(weights, `${name}.safetensors`);
const checkpoint = stepText !== undefined ? Number(stepText) : (await trained.finished()) ? undefined : 'last';
const model = await trained.loadModel({ checkpoint });
if (model.kind !== 'tagger') throw new Error(`'${run}' is a run of a classifier.`);
const { tagger } = model;
const { step, seconds } =
  checkpoint === undefined
    ? ((await trained.metrics()).at(-1) as { step: number; seconds: number })
    : (await trained.checkpoint(checkpoint)).state;
const full = await measure(tagger);
let dtype: 'float16' | 'float32' = 'float16';
await save(dtype);
let shipped = await measure(await loadTaggerFile(`${file}.new`));
const lost = Math.max(...full.ami.map((ami, i) => Math.abs(ami - shipped.ami[i]!)));
if (lost > MOST_LOST) {
  console.log(`float16 changes an AMI by ${lost.toFixed(4)}. Saving float32 instead.`);
  dtype = 'float32';
  await save(dtype);
  shipped = full;
}
const { size: bytes } = await stat(`${file}.new`);
if (bytes > MOST_BYTES) {
  await rm(`${file}.new`);
  throw new Error(
    `As ${dtype} the model has ${(bytes / 1e6).toFixed(2)} MB, more than ${mostText}. Train a model with a smaller ` +
      'model.core.hiddenSize, or pass a larger --max-megabytes.',
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

/** The page's model that a run trains. */
function nameOf({ data, model }: Recipe): ModelName {
  if (model.type === undefined && data.type === 'shapes') return 'shapes';
  if (model.type === undefined && data.type === 'texture-mnist-2') return 'textures';
  throw new Error(
    `'${run}' is not a run of a Tagger on Shapes or on two textured digits, the data that the page has images of.`,
  );
}

/** The first test images without overlap, with noise. */
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
  const dataset = await trained.dataset('test');
  const { iterations } = await evaluate(tagger, dataset, { iterations: ITERATIONS, examples: EXAMPLES });
  const rounded = (value: number) => Number(value.toFixed(4));
  return { ami: iterations.map(({ ami }) => rounded(ami!)), cost: iterations.map(({ cost }) => rounded(cost)) };
}

async function save(dtype: 'float16' | 'float32'): Promise<void> {
  await saveTaggerFile(tagger, `${file}.new`, { metadata: { recipe: recipe.name }, dtype });
}
