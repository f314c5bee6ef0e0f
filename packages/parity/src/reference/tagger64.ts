import type { CombinatorGate, GaussianErrorForm, Norm } from '@taggerjs/nn';
import { references, type ReferenceTensor } from '@taggerjs/nn/testing';

import { ladder64 } from './ladder64';
import { first, matMul64, named, normalize64, reshape64, tensor64, type Tensors64 } from './tensor64';

/** The settings of a Tagger with a Ladder, for its float64 reference and for creating the same Tagger. */
export interface ModelDescription {
  readonly groups: number;
  /** N = P*C. */
  readonly inputSize: number;
  /** C: channels of a pixel. @default 1 */
  readonly channels?: number;
  /** H, d_1, .., d_L. */
  readonly sizes: readonly [number, ...number[]];
  readonly iterations: number;
  readonly norm: Norm;
  readonly gate: CombinatorGate;
  readonly noise:
    | { readonly kind: 'bitflip'; readonly probability: number }
    | { readonly kind: 'gaussian'; readonly standardDeviation: number; readonly form: GaussianErrorForm };
  readonly initialPrediction: number;
  readonly predictionInput: 'probability' | 'logit';
  /** Whether the top layer classifies. */
  readonly classifies: boolean;
}

/** The inputs of the TAG loop. */
export interface Inputs64 {
  readonly clean: ReferenceTensor;
  readonly corrupted: ReferenceTensor;
  readonly assignmentLogits: ReferenceTensor;
  readonly targets?: ReferenceTensor;
}

/** One iteration of it. */
export interface Iteration64 {
  readonly dz: ReferenceTensor;
  readonly L: ReferenceTensor;
  readonly z: ReferenceTensor;
  readonly m: ReferenceTensor;
  readonly logM: ReferenceTensor;
  readonly cost: number;
  readonly top: ReferenceTensor;
}

/** The results of the TAG loop. */
export interface Output64 {
  readonly iterations: readonly Iteration64[];
  /** Mean of the denoising costs. */
  readonly cost: number;
  readonly classPosterior?: ReferenceTensor;
  readonly classCost?: number;
}

/** The Tagger of Greff et al., Algorithms 2 and 3, in float64. */
export function tagger64(model: ModelDescription, parameters: Tensors64, inputs: Inputs64): Output64 {
  const { groups: K, inputSize: N, channels: C = 1, sizes, norm, noise } = model;
  const { clean, corrupted, assignmentLogits } = inputs;
  const B = clean.shape[0] as number;
  const shape = [K, B, N];
  const of = (name: string) => named(parameters, name);
  const ladderParameters = Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.startsWith('ladder/'))
      .map(([name, tensor]) => [name.slice('ladder/'.length), tensor]),
  );
  const groupSoftmax = (logits: ReferenceTensor) => {
    const [m, logM] = references.groupSoftmax({ logits }) as [ReferenceTensor, ReferenceTensor];
    return { m, logM };
  };
  const noiseModel = noiseModel64(model, parameters);

  let z = tensor64(shape, new Float64Array(K * B * N).fill(model.initialPrediction));
  let zhat = z;
  let { m, logM } = groupSoftmax(assignmentLogits);
  const iterations: Iteration64[] = [];
  for (let i = 0; i < model.iterations; i++) {
    const dz = noiseModel.error(corrupted, z, m, logM);
    const L = noiseModel.likelihood(corrupted, z);
    const features = [model.predictionInput === 'logit' ? zhat : z, m, dz, L];
    const input = first(
      references.stackFeatures(Object.fromEntries(features.map((feature, f) => [`feature_${f}`, feature])), {
        groups: K,
        batch: B,
        size: N / C,
        planes: [C, 1, C, 1],
      }),
    );
    const h = normalize64(matMul64(input, of('W_h')), norm, { bias: of('b_h'), activation: 'relu' });
    const { output: o, top } = ladder64(h, ladderParameters, { layers: sizes.length - 1, gate: model.gate, norm });
    const scaling = { gain: of('gain_z'), bias: of('bias_z') };
    zhat = reshape64(normalize64(matMul64(o, of('W_z')), norm, scaling), shape);
    const mhat = reshape64(normalize64(matMul64(o, of('W_m')), norm, { gain: of('gain_m') }), [K, B, N / C]);
    z = noise.kind === 'bitflip' ? first(references.sigmoid({ x: zhat })) : zhat;
    ({ m, logM } = groupSoftmax(mhat));
    iterations.push({
      dz,
      L,
      z,
      m,
      logM,
      cost: noiseModel.cost(clean, z, m, logM),
      top: reshape64(top, [K, B, sizes.at(-1) as number]),
    });
  }
  const cost = iterations.reduce((sum, iteration) => sum + iteration.cost, 0) / iterations.length;
  if (!model.classifies) return { iterations, cost };
  const last = (iterations.at(-1) as Iteration64).top;
  const posterior = first(
    references.classPosterior({ p: reshape64(last, [K * B, last.shape[2] as number]) }, { groups: K }),
  );
  return {
    iterations,
    cost,
    classPosterior: posterior,
    ...(inputs.targets && {
      classCost: first(references.classificationCost({ posterior, targets: inputs.targets })).data[0] as number,
    }),
  };
}

/** Likelihood, modelling error and cost of a noise model. */
export function noiseModel64(
  { noise, channels = 1 }: Pick<ModelDescription, 'noise' | 'channels'>,
  parameters: Tensors64,
) {
  type T = ReferenceTensor;
  if (noise.kind === 'bitflip') {
    const { probability } = noise;
    const pixels = { probability, channels };
    if (channels > 1) {
      return {
        likelihood: (corrupted: T, z: T) => first(references.bitflipPixelLikelihood({ corrupted, z }, pixels)),
        error: (corrupted: T, z: T, _m: T, logM: T) =>
          first(references.bitflipPixelError({ corrupted, z, logM }, pixels)),
        cost: (x: T, z: T, _m: T, logM: T) =>
          first(references.bitflipPixelCost({ x, z, logM }, { probability: 1e-4, channels })).data[0] as number,
      };
    }
    return {
      likelihood: (corrupted: T, z: T) => first(references.bitflipLikelihood({ corrupted, z }, { probability })),
      error: (corrupted: T, z: T, m: T, _logM: T) =>
        first(references.bitflipModelingError({ corrupted, z, m }, { probability })),
      cost: (x: T, z: T, m: T, _logM: T) =>
        first(references.bitflipCost({ x, z, m }, { epsilon: 1e-4 })).data[0] as number,
    };
  }
  const { standardDeviation, form } = noise;
  const how = { standardDeviation, channels };
  const logVariance = named(parameters, 'logVariance');
  const errors = {
    algorithm: (corrupted: T, z: T, m: T, _logM: T) =>
      first(references.gaussianAlgorithmError({ corrupted, z, m, logVariance }, how)),
    exact: (corrupted: T, z: T, _m: T, logM: T) =>
      first(references.gaussianExactError({ corrupted, z, logM, logVariance }, how)),
    residual: (corrupted: T, z: T, m: T, _logM: T) =>
      first(references.gaussianResidualError({ corrupted, z, m }, { channels })),
  };
  return {
    likelihood: (corrupted: T, z: T) => first(references.gaussianLikelihood({ corrupted, z, logVariance }, how)),
    error: errors[form],
    cost: (x: T, z: T, _m: T, logM: T) =>
      first(references.gaussianCost({ x, z, logM, logVariance }, { channels })).data[0] as number,
  };
}
