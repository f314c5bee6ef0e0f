import { competeReference, reluReference, sigmoidReference } from './references/activation';
import {
  bitflipCostReference,
  bitflipLikelihoodReference,
  bitflipModelingErrorReference,
  bitflipPixelCostReference,
  bitflipPixelErrorReference,
  bitflipPixelLikelihoodReference,
} from './references/bitflip';
import { classificationCostReference, classPosteriorReference } from './references/classification';
import {
  gaussianAlgorithmErrorReference,
  gaussianCostReference,
  gaussianExactErrorReference,
  gaussianLikelihoodReference,
  gaussianResidualErrorReference,
} from './references/gaussian';
import { combinatorReference, reconstructionCostReference } from './references/ladder';
import { im2colReference, reshapeReference, stackFeaturesReference, swapAxesReference } from './references/layout';
import {
  addBiasReference,
  addReference,
  biasScaleReference,
  featureProductReference,
  matMulReference,
  weightedSumReference,
} from './references/linear';
import { columnMomentsReference, normalizeReference, normalizeWithReference } from './references/normalization';
import { adamUpdateReference, adamUpdatesReference } from './references/optimizer';
import { columnSumReference, globalNormReference, sumOfSquaresReference } from './references/reduction';
import { groupSoftmaxReference, softmaxReference } from './references/softmax';

/**
 * References for every operation of this package, by name: plain loops in float64 that restate the formula independently,
 * for {@link checkOperation} and {@link measureOperation}. They do not check shapes.
 */
export const references = {
  adamUpdate: adamUpdateReference,
  adamUpdates: adamUpdatesReference,
  add: addReference,
  addBias: addBiasReference,
  biasScale: biasScaleReference,
  bitflipCost: bitflipCostReference,
  bitflipLikelihood: bitflipLikelihoodReference,
  bitflipModelingError: bitflipModelingErrorReference,
  bitflipPixelCost: bitflipPixelCostReference,
  bitflipPixelError: bitflipPixelErrorReference,
  bitflipPixelLikelihood: bitflipPixelLikelihoodReference,
  classPosterior: classPosteriorReference,
  classificationCost: classificationCostReference,
  columnMoments: columnMomentsReference,
  columnSum: columnSumReference,
  combinator: combinatorReference,
  compete: competeReference,
  featureProduct: featureProductReference,
  gaussianCost: gaussianCostReference,
  gaussianLikelihood: gaussianLikelihoodReference,
  gaussianAlgorithmError: gaussianAlgorithmErrorReference,
  gaussianExactError: gaussianExactErrorReference,
  gaussianResidualError: gaussianResidualErrorReference,
  globalNorm: globalNormReference,
  groupSoftmax: groupSoftmaxReference,
  matMul: matMulReference,
  im2col: im2colReference,
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
