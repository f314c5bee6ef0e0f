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
const SETTLED = Number(values.settled);

await useWasm({ threads: Number(values.threads) });
const dataset = shapes({ split: 'train', size: 2000 });
const tagger = createTagger({
  inputShape: dataset.inputShape,
  data: await dataset.statistics(),
  noise: bitflip(),
  core: projected({ hiddenSize: Number(values.hiddenSize), mapping: ladder({ sizes: [32, 16] }) }),
});

interface Sample {
  readonly step: number;
  readonly tensors: number;
  readonly buffers: number;
  readonly wasmHeapMiB: number;
  readonly rssMiB: number;
}

function sample(step: number): Sample {
  globalThis.gc?.();
  const { numTensors, numDataBuffers } = tf.memory();
  const backend = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  const mebi = (bytes: number) => Math.round((10 * bytes) / 2 ** 20) / 10;
  return {
    step,
    tensors: numTensors,
    buffers: numDataBuffers,
    wasmHeapMiB: mebi(backend.wasm.HEAPU8.byteLength),
    rssMiB: mebi(process.memoryUsage.rss()),
  };
}

const samples: Sample[] = [];
for await (const event of train({
  tagger,
  dataset,
  steps,
  batchSize: Number(values.batchSize),
  clipNorm: 1,
  ema: { decay: 0.99 },
})) {
  if (event.type === 'step' && (event.step === SETTLED || event.step % Math.ceil(steps / 10) === 0)) {
    samples.push(sample(event.step));
  }
}
tagger.dispose();

// The garbage collector and the compiler hold memory for a moment; a leak raises the minimum, too. Nothing is compiled yet at
// the first sample.
const THIRD = Math.ceil(samples.length / 3);
const leastRss = (...range: [number, number?]) => Math.min(...samples.slice(...range).map(({ rssMiB }) => rssMiB));
const settled = samples.find(({ step }) => step >= SETTLED) as Sample;
const last = samples.at(-1) as Sample;
const grew = {
  tensors: last.tensors - settled.tensors,
  buffers: last.buffers - settled.buffers,
  wasmHeapMiB: Math.round(10 * (last.wasmHeapMiB - settled.wasmHeapMiB)) / 10,
  rssMiB: Math.round(10 * (leastRss(-THIRD) - leastRss(1, 1 + THIRD))) / 10,
};
const left = tf.memory().numTensors;
const flat =
  grew.tensors === 0 &&
  grew.buffers === 0 &&
  grew.wasmHeapMiB === 0 &&
  grew.rssMiB <= Number(values.allowedRssMiB) &&
  left === 0;
console.log(JSON.stringify({ steps, flat, grew, leftAfterDispose: left, samples }));
process.exitCode = flat ? 0 : 1;
