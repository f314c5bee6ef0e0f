import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { assignTree } from '@taggerjs/nn';
import { bitflip, gaussian, type NoiseComponent } from '@taggerjs/noise';
import { createTagger, type Tagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

import type { Inputs64, ModelDescription } from './reference/tagger64';
import { tensor64, type Tensors64 } from './reference/tensor64';

/** The noise model of a configuration. */
export function makeNoise({ noise }: Pick<ModelDescription, 'noise'>): NoiseComponent {
  return noise.kind === 'bitflip'
    ? bitflip({ probability: noise.probability })
    : gaussian({ standardDeviation: noise.standardDeviation, form: noise.form });
}

/** The Tagger of a configuration, on the current backend. @param seed of its initial parameters */
export function makeModel(description: ModelDescription, seed: number | string = 0): Tagger {
  const { sizes, norm, gate, classifies, inputSize, channels = 1 } = description;
  const [hiddenSize, ...layers] = sizes;
  const mapping = ladder({ sizes: layers, gate, ...(classifies && { classes: (layers.at(-1) as number) - 1 }) });
  return createTagger({
    inputShape: channels === 1 ? [inputSize] : [1, inputSize / channels, channels],
    groups: description.groups,
    iterations: description.iterations,
    initialPrediction: description.initialPrediction,
    predictionInput: description.predictionInput,
    noise: makeNoise(description),
    core: projected({ hiddenSize, norm, mapping }),
    seed,
  });
}

/** Writes values into variables. */
export function setParameters(variables: Readonly<Record<string, tf.Variable>>, values: Tensors64): void {
  assignTree(
    variables,
    Object.fromEntries(
      Object.entries(values).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
    ),
  );
}

/** Reads variables as float64. */
export async function readParameters(variables: Readonly<Record<string, tf.Variable>>): Promise<Tensors64> {
  const entries = [];
  for (const [name, variable] of Object.entries(variables)) {
    entries.push([name, tensor64(variable.shape, await variable.data())] as const);
  }
  return Object.fromEntries(entries);
}

/** The inputs of the TAG loop, on the current backend. */
export function makeInputs({ clean, corrupted, assignmentLogits, targets }: Inputs64) {
  const tensor = <R extends tf.Rank>({ shape, data }: Inputs64['clean']) =>
    tf.tensor<R>(Float32Array.from(data), shape as tf.ShapeMap[R], 'float32');
  return {
    clean: tensor<tf.Rank.R2>(clean),
    corrupted: tensor<tf.Rank.R2>(corrupted),
    assignmentLogits: tensor<tf.Rank.R3>(assignmentLogits),
    ...(targets && { targets: tensor<tf.Rank.R2>(targets) }),
  };
}
