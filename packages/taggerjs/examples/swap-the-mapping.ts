// Trains three small Taggers on the same images that differ only in their mapping: the paper's Ladder, an MLP, and a custom one.
// Prints the denoising cost of each, and the AMI between its groups and the shapes (1: identical, 0: chance).
//
//   swap-the-mapping.ts [STEPS]     100 steps take seconds, 2000 a few minutes
import {
  bitflip,
  createTagger,
  evaluate,
  ladder,
  mlp,
  projected,
  shapes,
  train,
  useWasm,
  type MappingComponent,
} from 'taggerjs';
import { disposeTree, initialWeights, matMul, normalize, softmax } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A custom mapping: each row is a soft choice among a few learned patterns.
 *
 *     o = norm( softmax( norm( h W ) ) V ),   W: [H, P],  V: [P, H]
 *
 * The operations of @taggerjs/nn have gradients. Rows do not depend on each other, so there are no statistics to keep.
 */
function codebook({ patterns }: { readonly patterns: number }): MappingComponent {
  return {
    // Plain JSON that recreates the mapping. It is saved with the model.
    config: { type: 'codebook', patterns },
    create({ hiddenSize, random }) {
      const W = initialWeights(random.fork('W'), [hiddenSize, patterns]);
      const V = initialWeights(random.fork('V'), [patterns, hiddenSize]);
      return {
        apply: (hidden) => ({
          output: tf.tidy(() => {
            const choice = softmax(normalize(matMul(hidden, W), { norm: 'layer' }));
            return normalize(matMul(choice, V), { norm: 'layer' });
          }),
        }),
        parameters: () => ({ W, V }),
        state: () => ({}),
        dispose: () => disposeTree({ W, V }),
      };
    },
  };
}

const steps = Number(process.argv[2] ?? 100);
await useWasm();
const dataset = shapes({ split: 'train', canvas: [12, 16], shapesPerImage: 2, size: 5000 });
const validation = shapes({ split: 'validation', canvas: [12, 16], shapesPerImage: 2, size: 200 });
const data = await dataset.statistics();

const mappings: Record<string, MappingComponent> = {
  ladder: ladder({ sizes: [100, 50] }),
  mlp: mlp({ sizes: [100, 50] }),
  codebook: codebook({ patterns: 50 }),
};
for (const [name, mapping] of Object.entries(mappings)) {
  const tagger = createTagger({
    inputShape: dataset.inputShape,
    groups: 3,
    noise: bitflip(),
    core: projected({ hiddenSize: 200, predictionInit: 'data', mapping }), // the only difference
    data,
  });
  const started = performance.now();
  for await (const event of train({ tagger, dataset, steps, batchSize: 50, learningRate: 2e-3 })) {
    if (event.type === 'step' && event.step % 100 === 0)
      console.log(`  ${name}: step ${event.step}, cost ${event.cost.toFixed(4)}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const { iterations } = await evaluate(tagger, validation, { iterations: 5 });
  const { cost, ami } = iterations.at(-1)!;
  console.log(`${name.padEnd(10)} cost ${cost.toFixed(4)}   AMI ${ami!.toFixed(3)}   ${seconds.toFixed(1)} s`);
  tagger.dispose();
}
