import { DatasetError, shapes, type Batch, type Dataset } from '@taggerjs/datasets';
import { loadData } from '@taggerjs/datasets/node';

async function main() {
  const dataset: Dataset = shapes({ seed: 1, split: 'validation', size: 32 });
  for await (const batch of dataset.batches({ batchSize: 16, seed: 'order', epochs: 1 })) check(batch);

  const error: unknown = await loadData('missing.npz').then(
    () => 'nothing',
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatasetError && error.message.includes('missing.npz'))) throw error;
}

function check({ inputs, segments, size }: Batch) {
  if (size !== 16 || inputs.length !== 16 * 400 || segments?.length !== 16 * 400) throw new Error('wrong sizes');
}

main().then(() => console.log('ok'));
