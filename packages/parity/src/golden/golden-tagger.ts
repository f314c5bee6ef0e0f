import type { ReferenceTensor } from '@taggerjs/nn/testing';

import type { ModelDescription, Inputs64 } from '../reference/tagger64';
import { tensor64, type Tensors64 } from '../reference/tensor64';
import { PACKED_GOLDEN_TAGGERS } from './packed-golden-taggers';
import { unpackTensors } from './unpack-tensors';

/** A golden Tagger: its configuration, inputs, parameters, and all results, computed by another implementation. */
export interface GoldenTagger {
  readonly name: string;
  readonly description: ModelDescription;
  readonly inputs: Inputs64;
  readonly classWeight?: number;
  readonly parameters: Tensors64;
  readonly expected: {
    readonly iterations: readonly {
      readonly dz: ReferenceTensor;
      readonly L: ReferenceTensor;
      readonly z: ReferenceTensor;
      readonly m: ReferenceTensor;
      readonly top: ReferenceTensor;
      readonly cost: number;
    }[];
    readonly cost: number;
    readonly classPosterior?: ReferenceTensor;
    readonly classCost?: number;
    readonly gradients: Tensors64;
  };
}

/** Names of the golden Taggers. */
export const GOLDEN_TAGGERS: readonly string[] = Object.keys(PACKED_GOLDEN_TAGGERS);

/** Unpacks a golden Tagger. */
export function goldenTagger(name: string): GoldenTagger {
  const packed = PACKED_GOLDEN_TAGGERS[name];
  if (packed === undefined) throw new Error(`Unknown golden Tagger '${name}'`);
  const file = unpackTensors(packed) as GoldenFile;
  const { config, inputs, parameters, expected } = file;
  const classifies = inputs.labels !== undefined;
  const classes = (config.sizes.at(-1) as number) - 1;
  return {
    name,
    description: {
      ...config,
      noise:
        config.noise.kind === 'bitflip'
          ? config.noise
          : { kind: 'gaussian', standardDeviation: config.noise.std, form: config.modelingError },
      // The files hold the top softmax of every Tagger: all Ladders here classify.
      classifies: true,
    },
    inputs: {
      clean: inputs.x,
      corrupted: inputs.corrupted,
      assignmentLogits: inputs.assignmentLogits,
      ...(classifies && { targets: countLabels(inputs.labels as readonly (readonly number[])[], classes) }),
    },
    ...(inputs.classCostWeight !== undefined && { classWeight: inputs.classCostWeight }),
    parameters,
    expected,
  };
}

interface GoldenFile {
  readonly config: Omit<ModelDescription, 'noise' | 'classifies'> & {
    readonly modelingError: 'algorithm' | 'exact' | 'residual';
    readonly noise:
      { readonly kind: 'bitflip'; readonly probability: number } | { readonly kind: 'gaussian'; readonly std: number };
  };
  readonly inputs: {
    readonly x: ReferenceTensor;
    readonly corrupted: ReferenceTensor;
    readonly assignmentLogits: ReferenceTensor;
    readonly labels?: readonly (readonly number[])[];
    readonly classCostWeight?: number;
  };
  readonly parameters: Tensors64;
  readonly expected: GoldenTagger['expected'];
}

/** [B, C]: how many objects of each class an example has. */
function countLabels(labels: readonly (readonly number[])[], classes: number): ReferenceTensor {
  const counts = new Float64Array(labels.length * classes);
  labels.forEach((objects, b) => {
    for (const label of objects) counts[b * classes + label]! += 1;
  });
  return tensor64([labels.length, classes], counts);
}
