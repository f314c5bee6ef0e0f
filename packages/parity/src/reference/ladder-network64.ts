import type { CombinatorGate } from '@taggerjs/nn';
import { references, type ReferenceTensor } from '@taggerjs/nn/testing';

import { decode64, encode64, type Encoding64 } from './ladder64';
import { first, standardize64, type Tensors64 } from './tensor64';

/** A standalone Ladder. */
export interface LadderNetwork64Options {
  /** Number of layers L over the input. */
  readonly layers: number;
  readonly gate: CombinatorGate;
  /** lambda_0 .. lambda_L. */
  readonly costWeights: readonly number[];
}

/** The rows of a step, and the noise of both halves by layer, n_0 .. n_L. */
export interface LadderRows64 {
  readonly labeled: ReferenceTensor;
  readonly targets: ReferenceTensor;
  readonly unlabeled: ReferenceTensor;
  readonly noise: { readonly labeled: readonly ReferenceTensor[]; readonly unlabeled: readonly ReferenceTensor[] };
}

/** The results of a step. */
export interface LadderCosts64 {
  readonly cost: number;
  readonly classificationCost: number;
  /** For the layers with a weight, from the lowest on. */
  readonly denoisingCosts: readonly number[];
  /** The class probabilities of the corrupted labeled half. */
  readonly posterior: ReferenceTensor;
}

/** The cost of the Ladder network on its own (Rasmus et al. 2015, Eq. 1 to 5), in float64. Parameters as in {@link encode64}. */
export function ladderNetwork64(
  { labeled, targets, unlabeled, noise }: LadderRows64,
  parameters: Tensors64,
  { layers: L, gate, costWeights }: LadderNetwork64Options,
): LadderCosts64 {
  const { top: posterior } = corrupted(labeled, noise.labeled, parameters, L);
  const classificationCost = scalar(references.classificationCost({ posterior, targets }));
  const costed = costWeights.flatMap((weight, l) => (weight > 0 ? [l] : []));
  const [lowest] = costed;
  if (lowest === undefined) return { cost: classificationCost, classificationCost, denoisingCosts: [], posterior };

  const statistics: { mean: ReferenceTensor; inverseStd: ReferenceTensor }[] = [];
  const clean = encode64(unlabeled, parameters, L, (s, l) => {
    const { output, ...own } = standardize64(s, 'batch');
    statistics[l] = own;
    return output;
  });
  const reconstructions = decode64(
    corrupted(unlabeled, noise.unlabeled, parameters, L),
    parameters,
    { layers: L, gate, norm: 'batch' },
    lowest,
  );
  const none = { mean: { shape: [], data: Float64Array.of(0) }, inverseStd: { shape: [], data: Float64Array.of(1) } };
  const denoisingCosts = costed.map((l) =>
    scalar(
      references.reconstructionCost(
        {
          reconstruction: reconstructions[l] as ReferenceTensor,
          clean: clean.lateral[l] as ReferenceTensor,
          ...(statistics[l] ?? none),
        },
        { hasStatistics: statistics[l] !== undefined },
      ),
    ),
  );
  const cost = costed.reduce(
    (sum, l, i) => sum + (costWeights[l] as number) * (denoisingCosts[i] as number),
    classificationCost,
  );
  return { cost, classificationCost, denoisingCosts, posterior };
}

/** The class probabilities of rows in a clean pass. */
export function ladderPosterior64(x: ReferenceTensor, parameters: Tensors64, layers: number): ReferenceTensor {
  return encode64(x, parameters, layers, (s) => standardize64(s, 'batch').output).top;
}

/** The encoder with noise at the input and after every normalization. */
function corrupted(
  x: ReferenceTensor,
  noise: readonly ReferenceTensor[],
  parameters: Tensors64,
  layers: number,
): Encoding64 {
  const add = (s: ReferenceTensor, l: number) => first(references.add({ a: s, b: noise[l] as ReferenceTensor }));
  return encode64(add(x, 0), parameters, layers, (s, l) => add(standardize64(s, 'batch').output, l));
}

function scalar(outputs: readonly ReferenceTensor[]): number {
  return first(outputs).data[0] as number;
}
