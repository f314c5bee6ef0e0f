import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { shapes, type Batch, type Dataset } from '@taggerjs/datasets';
import { loadData } from '@taggerjs/datasets/node';
import { encodeNpz } from '@taggerjs/weights';

async function main() {
  const dataset: Dataset = shapes({ seed: 1, split: 'validation', size: 32 });
  for await (const batch of dataset.batches({ batchSize: 16, seed: 'order', epochs: 1 })) check(batch);

  const folder = await mkdtemp(join(tmpdir(), 'taggerjs-program-'));
  try {
    const { inputs } = await dataset.examples(Array.from({ length: 32 }, (_, i) => i));
    await writeFile(
      join(folder, 'shapes.npz'),
      encodeNpz([['inputs', { dtype: 'F32', shape: [32, 20, 20], data: inputs }]]),
    );
    const { train } = await loadData(join(folder, 'shapes.npz'));
    if (train.size !== 26 || String(train.inputShape) !== '20,20') throw new Error('wrong sizes');
  } finally {
    await rm(folder, { recursive: true });
  }
}

function check({ inputs, segments, size }: Batch) {
  if (size !== 16 || inputs.length !== 16 * 400 || segments?.length !== 16 * 400) throw new Error('wrong sizes');
}

main().then(() => console.log('ok'));
