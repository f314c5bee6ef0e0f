import { shapes, type Batch, type Dataset } from '@taggerjs/datasets';

async function main() {
  const dataset: Dataset = shapes({ seed: 1, split: 'validation', size: 32 });
  for await (const batch of dataset.batches({ batchSize: 16, seed: 'order', epochs: 1 })) check(batch);
}

function check({ inputs, segments, size }: Batch) {
  if (size !== 16 || inputs.length !== 16 * 400 || segments?.length !== 16 * 400) throw new Error('wrong sizes');
}

main().then(() => console.log('ok'));
