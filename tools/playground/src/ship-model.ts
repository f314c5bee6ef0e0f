// Adds the model of a run to @taggerjs/pretrained, or replaces it: `npm run pretrained -- RUN NAME`.
//
// The model is that of the run, of its newest checkpoint if training has not finished, or of the checkpoint of --step. It
// becomes `packages/pretrained/src/models/NAME.safetensors`, as float16 if that changes no AMI. Next to it are its model
// card, NAME.json, and the same as text, NAME.md. The model `shapes` also draws `docs/public/thinking.svg`.
import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { useWasm } from '@taggerjs/backend-wasm';
import { loadTaggerFile, openRun } from '@taggerjs/experiment/node';
import { type ModelCard, modelCardText, pretrainedModels, type PretrainedName } from '@taggerjs/pretrained';
import { getRecipe, type Recipe } from '@taggerjs/recipes';
import type { Tagger } from '@taggerjs/tagger';
import { saveTaggerFile } from '@taggerjs/tagger/node';
import { evaluate } from '@taggerjs/train';

import { imageOf, sampleDrawing } from './images/drawing';
import { Engine } from './engine/engine';
import type { GroupedImage } from './engine/calls';
import { movingPicture } from './moving-picture';
import { overridesOf } from './overrides-of';

/** Size limits of a file, in megabytes: of `shapes`, which the playground loads first, and of others. */
const MOST_MEGABYTES = { shapes: 4, others: 25 };
/** Largest change of an AMI by float16. */
const MOST_LOST = 0.001;
const ITERATIONS = 5;
/** The animated picture: number of images, and probability of a flip. */
const PICTURED = 4;
const NOISE = 0.1;

const models = fileURLToPath(new URL('../../../packages/pretrained/src/models/', import.meta.url));

const {
  values: { examples: examplesText, step: stepText, description, commit },
  positionals: [run, name],
} = parseArgs({
  options: {
    examples: { type: 'string', default: '10000' },
    step: { type: 'string' },
    description: { type: 'string' },
    commit: { type: 'string' },
  },
  allowPositionals: true,
});
const EXAMPLES = Number(examplesText);
const described = description ?? (pretrainedModels as Readonly<Record<string, ModelCard>>)[name ?? '']?.description;
if (
  run === undefined ||
  !/^[a-z][a-z0-9-]*$/.test(name ?? '') ||
  described === undefined ||
  commit === undefined ||
  !Number.isInteger(EXAMPLES)
) {
  console.error(`usage: npm run pretrained -- RUN NAME --commit HASH [--description TEXT] [--step N] [--examples N]

  RUN            a folder that \`tagger train\` wrote
  NAME           of the model: one of ${Object.keys(pretrainedModels).join(', ')}, or a new one
  --commit       the commit of this repository that trained it
  --description  what the model does; required for a new one`);
  process.exit(2);
}
await useWasm();
const trained = await openRun(run);
const { recipe, started } = trained.config;
const environment = trained.config.environment as { processor: string; backendSetup: string; node: string };
const file = join(models, `${name}.safetensors`);
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
const most = name === 'shapes' ? MOST_MEGABYTES.shapes : MOST_MEGABYTES.others;
if (bytes > 1e6 * most) {
  await rm(`${file}.new`);
  throw new Error(
    `As ${dtype} the model has ${(bytes / 1e6).toFixed(2)} MB, more than ${most}. Train one with a smaller ` +
      'model.core.hiddenSize.',
  );
}
await rename(`${file}.new`, file);

const card: ModelCard = {
  name: name as PretrainedName,
  description: described,
  file: `${name}.safetensors`,
  bytes,
  sha256: createHash('sha256')
    .update(await readFile(file))
    .digest('hex'),
  dtype,
  parameters: model.parameterCount,
  license: 'MIT',
  recipe: recipe as unknown as ModelCard['recipe'],
  command: ['tagger train', recipe.name, ...overridesOf(recipe, getRecipe(recipe.name))].join(' '),
  seed: recipe.training.seed,
  started,
  step,
  hours: Number((seconds / 3600).toFixed(2)),
  machine: { processor: environment.processor, backend: environment.backendSetup, node: environment.node },
  commit,
  data: dataOf(recipe),
  evaluation: {
    split: 'test',
    examples: EXAMPLES,
    ...shipped,
    largestChangeOfAmiByDtype: Number((dtype === 'float16' ? lost : 0).toFixed(6)),
  },
};
await write(`${name}.json`, `${JSON.stringify({ $schema: './card.schema.json', ...card }, null, 2)}\n`);
await write(`${name}.md`, modelCardText(card));
console.log(
  `${file}: ${(bytes / 1e6).toFixed(2)} MB as ${dtype}, AMI ${shipped.ami.map((ami) => ami.toFixed(4)).join(' ')}`,
);
if (!Object.hasOwn(pretrainedModels, name!)) {
  console.log(`Add '${name}' to PretrainedName, pretrainedModels and URLS in packages/pretrained/src.`);
}

if (name === 'shapes') {
  await writeFile(
    fileURLToPath(new URL('../../../docs/public/thinking.svg', import.meta.url)),
    movingPicture(await groupedSamples()),
  );
}

/** The data of a recipe, and their license. */
function dataOf({ data: { type } }: Recipe): ModelCard['data'] {
  if (type === 'shapes') return { name: 'Shapes, generated by @taggerjs/datasets', license: 'MIT' };
  const license = 'CC BY-SA 3.0 (MNIST, Yann LeCun and Corinna Cortes)';
  if (type === 'mnist') return { name: 'MNIST digits', license };
  if (type !== 'file') return { name: 'MNIST digits, textured by @taggerjs/datasets', license };
  throw new Error(`'${run}' was trained on a file. Only models of generated data and of MNIST can be shipped.`);
}

/** Replaces a file of the package. */
async function write(to: string, text: string): Promise<void> {
  await writeFile(join(models, `${to}.new`), text);
  await rename(join(models, `${to}.new`), join(models, to));
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
