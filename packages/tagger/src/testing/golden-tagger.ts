import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { assignTree, weightedSum, type TensorValue } from '@taggerjs/nn';
import { bitflip, gaussian } from '@taggerjs/noise';
import * as tf from '@tensorflow/tfjs-core';

import { createTagger } from '../model/create-tagger';
import type { Tagger } from '../model/tagger';
import type { PredictionInput } from '../model/tagger-config';

interface GoldenTensor {
  readonly shape: number[];
  readonly data: number[];
}

/** A golden file of a whole Tagger. */
export interface GoldenTagger {
  readonly config: {
    readonly groups: number;
    readonly inputSize: number;
    readonly sizes: readonly [number, ...number[]];
    readonly iterations: number;
    readonly norm: 'layer' | 'batch';
    readonly gate: 'sigmoid' | 'linear';
    readonly modelingError: 'algorithm' | 'exact' | 'residual';
    readonly noise:
      { readonly kind: 'bitflip'; readonly probability: number } | { readonly kind: 'gaussian'; readonly std: number };
    readonly initialPrediction: number;
    readonly predictionInput: PredictionInput;
  };
  readonly inputs: {
    readonly x: GoldenTensor;
    readonly corrupted: GoldenTensor;
    readonly assignmentLogits: GoldenTensor;
    readonly labels?: readonly (readonly number[])[];
    readonly classCostWeight?: number;
  };
  readonly parameters: Readonly<Record<string, GoldenTensor>>;
  readonly expected: {
    readonly iterations: readonly (Record<'dz' | 'L' | 'z' | 'm' | 'top', GoldenTensor> & { readonly cost: number })[];
    readonly classPosterior?: GoldenTensor;
    readonly classCost?: number;
    readonly cost: number;
    readonly gradients: Readonly<Record<string, GoldenTensor>>;
  };
}

/** The Tagger of a golden file, with the file's parameters, and the file's inputs. */
export function goldenTagger({ config, inputs, parameters }: GoldenTagger) {
  const { sizes, norm, gate, noise } = config;
  const [hiddenSize, ...ladderSizes] = sizes;
  const tagger = createTagger({
    inputShape: [config.inputSize],
    groups: config.groups,
    iterations: config.iterations,
    initialPrediction: config.initialPrediction,
    predictionInput: config.predictionInput,
    noise:
      noise.kind === 'bitflip'
        ? bitflip({ probability: noise.probability })
        : gaussian({ standardDeviation: noise.std, form: config.modelingError }),
    core: projected({
      hiddenSize,
      norm,
      mapping: ladder({
        sizes: ladderSizes,
        gate,
        ...(inputs.labels && { classes: (ladderSizes.at(-1) as number) - 1 }),
      }),
    }),
  });
  const values: Record<string, TensorValue> = {};
  for (const [name, { shape, data }] of Object.entries(parameters))
    values[name] = { shape, data: Float32Array.from(data) };
  assignTree(tagger.parameters(), values);

  const tensor = <R extends tf.Rank>({ shape, data }: GoldenTensor) =>
    tf.tensor<R>(data, shape as unknown as tf.ShapeMap[R]);
  return {
    tagger,
    inputs: {
      clean: tensor<tf.Rank.R2>(inputs.x),
      corrupted: tensor<tf.Rank.R2>(inputs.corrupted),
      assignmentLogits: tensor<tf.Rank.R3>(inputs.assignmentLogits),
      ...(inputs.labels && { targets: kHot(inputs.labels, (sizes.at(-1) as number) - 1) }),
    },
  };
}

/** Each row: how many objects of each class. */
function kHot(labels: readonly (readonly number[])[], classes: number): tf.Tensor2D {
  const rows = labels.map((objects) => {
    const row = new Array<number>(classes).fill(0);
    for (const label of objects) row[label]! += 1;
    return row;
  });
  return tf.tensor2d(rows);
}

export const golden = {
  /** The cost whose gradients the files hold: mean denoising cost, plus the weighted class cost if there is one. */
  totalCost(
    tagger: Tagger,
    inputs: ReturnType<typeof goldenTagger>['inputs'],
    { inputs: given }: GoldenTagger,
  ): tf.Scalar {
    const { targets, ...tensors } = inputs;
    const output = tagger.iterate(tensors, { training: true, ...(targets && { targets }) });
    if (output.classCost === undefined) return output.cost;
    return weightedSum([output.cost, output.classCost], [1, given.classCostWeight as number]);
  },
};
