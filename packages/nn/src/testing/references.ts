import { adamUpdateReference } from './references/adam-update';
import { addReference } from './references/add';
import { addBiasReference } from './references/add-bias';
import { biasScaleReference } from './references/bias-scale';
import { bitflipCostReference } from './references/bitflip-cost';
import { bitflipLikelihoodReference } from './references/bitflip-likelihood';
import { bitflipModelingErrorReference } from './references/bitflip-modeling-error';
import { classPosteriorReference } from './references/class-posterior';
import { classificationCostReference } from './references/classification-cost';
import { columnMomentsReference } from './references/column-moments';
import { columnSumReference } from './references/column-sum';
import { combinatorReference } from './references/combinator';
import { competeReference } from './references/compete';
import { gaussianCostReference } from './references/gaussian-cost';
import { gaussianLikelihoodReference } from './references/gaussian-likelihood';
import {
  gaussianAlgorithmErrorReference,
  gaussianExactErrorReference,
  gaussianResidualErrorReference,
} from './references/gaussian-modeling-error';
import { groupSoftmaxReference } from './references/group-softmax';
import { matMulReference } from './references/matmul';
import { neighborhoodsReference } from './references/neighborhoods';
import { normalizeWithReference } from './references/normalize-with';
import { normalizeReference } from './references/normalize';
import { reconstructionCostReference } from './references/reconstruction-cost';
import { reluReference } from './references/relu';
import { reshapeReference } from './references/reshape';
import { sigmoidReference } from './references/sigmoid';
import { softmaxReference } from './references/softmax';
import { stackFeaturesReference } from './references/stack-features';
import { sumOfSquaresReference } from './references/sum-of-squares';
import { swapAxesReference } from './references/swap-axes';
import { weightedSumReference } from './references/weighted-sum';

/**
 * Every operation of this package in float64, in plain loops: independent statements of the formulas, from its inputs and
 * attributes to its outputs, by the name of the function that calls it. They check nothing: shapes must fit. What
 * {@link checkOperation} and {@link measureOperation} hold operations against.
 */
export const references = {
  adamUpdate: adamUpdateReference,
  add: addReference,
  addBias: addBiasReference,
  biasScale: biasScaleReference,
  bitflipCost: bitflipCostReference,
  bitflipLikelihood: bitflipLikelihoodReference,
  bitflipModelingError: bitflipModelingErrorReference,
  classPosterior: classPosteriorReference,
  classificationCost: classificationCostReference,
  columnMoments: columnMomentsReference,
  columnSum: columnSumReference,
  combinator: combinatorReference,
  compete: competeReference,
  gaussianCost: gaussianCostReference,
  gaussianLikelihood: gaussianLikelihoodReference,
  gaussianAlgorithmError: gaussianAlgorithmErrorReference,
  gaussianExactError: gaussianExactErrorReference,
  gaussianResidualError: gaussianResidualErrorReference,
  groupSoftmax: groupSoftmaxReference,
  matMul: matMulReference,
  neighborhoods: neighborhoodsReference,
  normalizeWith: normalizeWithReference,
  normalize: normalizeReference,
  reconstructionCost: reconstructionCostReference,
  relu: reluReference,
  reshape: reshapeReference,
  sigmoid: sigmoidReference,
  softmax: softmaxReference,
  stackFeatures: stackFeaturesReference,
  sumOfSquares: sumOfSquaresReference,
  swapAxes: swapAxesReference,
  weightedSum: weightedSumReference,
} as const;
