import { shapes } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { train } from '@taggerjs/train';

/** The result of training. */
export interface Trained {
  /** The cost of each step. */
  readonly costs: readonly number[];
  /** All weights after the last step. */
  readonly weights: Float32Array;
}

/** Trains a Tagger on Shapes on the current backend, always with the same initial weights, data and noise. */
export async function trainedWeights(steps: number): Promise<Trained> {
  const dataset = shapes({ split: 'train', size: 200 });
  const tagger = createTagger({
    inputShape: dataset.inputShape,
    noise: bitflip(),
    core: projected({ hiddenSize: 120, predictionInit: 'data', mapping: ladder({ sizes: [60, 30] }) }),
    data: await dataset.statistics(),
  });
  const costs: number[] = [];
  for await (const event of train({ tagger, dataset, steps, batchSize: 20, clipNorm: 1 })) {
    if (event.type === 'step') costs.push(event.cost);
  }
  const weights: number[] = [];
  for (const variable of Object.values(tagger.parameters()))
    for (const value of await variable.data()) weights.push(value);
  tagger.dispose();
  return { costs, weights: Float32Array.from(weights) };
}
