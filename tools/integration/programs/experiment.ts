import { createModel, openTrainingData } from '@taggerjs/experiment';
import { openRun, resumeRun, trainRun } from '@taggerjs/experiment/node';
import { getRecipe, overrideRecipe } from '@taggerjs/recipes';
import '@tensorflow/tfjs-backend-cpu';

const recipe = overrideRecipe(getRecipe('shapes-quick'), {
  'data.sizes': { train: 8, validation: 2, test: 2 },
  'model.core.hiddenSize': 4,
  'model.core.mapping.sizes': [3],
  'training.batchSize': 2,
  'training.steps': 2,
  'evaluation.examples': 2,
});

// The program runs several times in one folder, and a run is never overwritten.
const folder = `run-${Date.now()}`;

async function main() {
  const model = await createModel(recipe, (await openTrainingData(recipe)).dataset);
  if (model.kind !== 'tagger') throw new Error('not a Tagger');
  model.dispose();

  const stop = new AbortController();
  for await (const event of trainRun(recipe, { folder, signal: stop.signal })) {
    if (event.type === 'step') stop.abort();
  }
  const types: string[] = [];
  for await (const event of resumeRun(folder)) types.push(event.type);
  if (!types.includes('step') || types.at(-1) !== 'model') throw new Error(`events: ${types}`);
  const trained = await (await openRun(folder)).loadModel();
  if (trained.parameterCount < 100) throw new Error('not the parameters');
}

main().then(() => console.log('ok'));
