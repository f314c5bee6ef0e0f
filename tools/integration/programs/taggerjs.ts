import { bitflip, createTagger, group, ladder, projected, shapes, useWasm } from 'taggerjs';
import { loadTaggerFile, saveTaggerFile } from 'taggerjs/node';

async function main() {
  await useWasm({ threads: 1 });
  const core = projected({ hiddenSize: 8, mapping: ladder({ sizes: [4] }) });
  const tagger = createTagger({ inputShape: [20, 20], noise: bitflip(), core, initialPrediction: 0.26 });
  await saveTaggerFile(tagger, 'model.safetensors');
  const loaded = await loadTaggerFile('model.safetensors');
  const { inputs } = await shapes({ split: 'test', size: 2 }).examples([0, 1]);
  const { iterations } = await group(loaded, inputs, { seed: 1 });
  if (iterations.length === 0) throw new Error('no iterations');
}

main().then(() => console.log('ok'));
