// Trains a small Tagger for many steps and measures leaks: tensors, the WASM heap, the process. Prints one JSON line; exit
// code 1 if anything grew after the first ten steps, or `--settled`.
import { parseArgs } from 'node:util';

import { shapes } from '@taggerjs/datasets';
import { useWasm } from '@taggerjs/backend-wasm';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { train } from '@taggerjs/train';
import * as tf from '@tensorflow/tfjs-core';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '500' },
    // Steps before growth counts: in long runs the engine compiles and sizes its heap over the first few hundred.
    settled: { type: 'string', default: '10' },
    threads: { type: 'string', default: '2' },
    batchSize: { type: 'string', default: '20' },
    hiddenSize: { type: 'string', default: '64' },
    // RSS varies with what the garbage collector has not freed yet.
    allowedRssMiB: { type: 'string', default: '24' },
  },
});
const steps = Number(values.steps);
const settled = Number(values.settled);

await useWasm({ threads: Number(values.threads) });
const dataset = shapes({ split: 'train', size: 2000 });
const tagger = createTagger({
  inputShape: dataset.inputShape,
  data: await dataset.statistics(),
  noise: bitflip(),
  core: projected({ hiddenSize: Number(values.hiddenSize), mapping: ladder({ sizes: [32, 16] }) }),
});

const mebi = (bytes: number) => Math.round((10 * bytes) / 2 ** 20) / 10;

function sample(step: number) {
  globalThis.gc?.();
  const { numTensors: tensors, numDataBuffers: buffers } = tf.memory();
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  const wasmHeapMiB = mebi(wasm.HEAPU8.byteLength);
  return { step, tensors, buffers, wasmHeapMiB, rssMiB: mebi(process.memoryUsage.rss()) };
}

const samples: ReturnType<typeof sample>[] = [];
const options = { steps, batchSize: Number(values.batchSize), clipNorm: 1, ema: { decay: 0.99 } };
for await (const event of train({ tagger, dataset, ...options })) {
  if (event.type !== 'step') continue;
  if (event.step === settled || event.step % Math.ceil(steps / 10) === 0) samples.push(sample(event.step));
}
tagger.dispose();

// The garbage collector and the compiler hold memory for a moment; a leak raises the minimum, too. Nothing is compiled yet at
// the first sample.
const third = Math.ceil(samples.length / 3);
const leastRss = (...range: [number, number?]) => Math.min(...samples.slice(...range).map(({ rssMiB }) => rssMiB));
const growth = (key: 'tensors' | 'buffers' | 'wasmHeapMiB') =>
  (samples.at(-1)?.[key] ?? NaN) - (samples.find(({ step }) => step >= settled)?.[key] ?? NaN);
const grew = {
  tensors: growth('tensors'),
  buffers: growth('buffers'),
  wasmHeapMiB: growth('wasmHeapMiB'),
  rssMiB: Math.round(10 * (leastRss(-third) - leastRss(1, 1 + third))) / 10,
};
const left = tf.memory().numTensors;
const { rssMiB, ...others } = grew;
const flat = [...Object.values(others), left].every((value) => value === 0) && rssMiB <= Number(values.allowedRssMiB);
console.log(JSON.stringify({ steps, flat, grew, leftAfterDispose: left, samples }));
process.exitCode = flat ? 0 : 1;
