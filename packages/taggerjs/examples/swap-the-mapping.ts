// What is inside a Tagger is one line. Three small Taggers, alike but for that line, learn on the same images: with the
// Ladder of the paper, with an MLP, and with a mapping written here. For each: the denoising cost and the AMI, which says
// how well the groups are the shapes (1: exactly, 0: no better than chance).
//
//   swap-the-mapping.ts [STEPS]     100 steps take seconds, 2000 some minutes
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
 * A mapping of one's own: each row picks from a few learned patterns, softly.
 *
 *     o = norm( softmax( norm( h W ) ) V ),   W: [H, P],  V: [P, H]
 *
 * The operations of @taggerjs/nn bring their gradients, and rows do not see each other: no statistics to keep.
 */
function codebook({ patterns }: { readonly patterns: number }): MappingComponent {
  return {
    // Plain JSON from which the same can be made again: it is saved with the model.
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
    core: projected({ hiddenSize: 200, predictionInit: 'data', mapping }), // the line
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
