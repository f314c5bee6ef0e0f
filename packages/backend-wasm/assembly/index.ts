// The functions that the host calls.
export { controlBytes } from "./job";
export { fail, initialize, work } from "./pool";
export { matmul, packedBytes, stripBytes } from "./matmul";
export { matmulFewRows } from "./matmul-few-rows";
export { matmulPacked, packColumns, packedColumnsBytes, packedFewRowsBytes } from "./matmul-packed";
export { normalizeRows, normalizeRowsGradient, normalizeRowsGradientBytes } from "./normalize-rows";
export { normalizeColumns, normalizeColumnsGradient } from "./normalize-columns";
export { combinator, combinatorGradient } from "./combinator";
export { adamUpdate } from "./adam-update";
export { copyRows, swapColumns } from "./stack-features";
export { im2col, im2colGradient } from "./im2col";
export { swapAxes } from "./swap-axes";
export { groupSoftmax, groupSoftmaxGradient } from "./group-softmax";
export { softmaxRows, softmaxRowsGradient } from "./softmax-rows";
export { add, addBias, biasScale, relu, reluGradient, sigmoid, sigmoidGradient } from "./pointwise";
export { biasReluGradient, biasScaleGradient, sumColumns } from "./sum-columns";
export { sumOfSquares, sumOfSquaresBytes } from "./sum-of-squares";
export {
  bitflipCost, bitflipCostBytes, bitflipCostGradient, bitflipLikelihood, bitflipLikelihoodGradient,
  bitflipModelingError, bitflipModelingErrorGradient,
} from "./bitflip";
export {
  gaussianAlgorithmError, gaussianAlgorithmErrorGradient, gaussianCost, gaussianCostGradient, gaussianExactError,
  gaussianExactErrorGradient, gaussianLikelihood, gaussianLikelihoodGradient, gaussianPartsBytes,
  gaussianResidualError, gaussianResidualErrorGradient,
} from "./gaussian";
export {
  pixelAlgorithmError, pixelAlgorithmErrorGradient, pixelBytes, pixelCost, pixelCostGradient, pixelError,
  pixelErrorGradient, pixelLikelihood, pixelLikelihoodGradient, pixelResidualError, pixelResidualErrorGradient,
} from "./pixels";
export { sumVector } from "./sum-values";
// Not called by the host; see tasks.ts.
export { multiplyStrip, multiplyTile, packRows } from "./matmul";
export { addFourToOne, addFourToTwo, multiplyFewRowsTask } from "./matmul-few-rows";
export { multiplyFourRows, multiplyPackedTask, packColumnsTask } from "./matmul-packed";
export { normalizeRowsGradientTask, normalizeRowsTask, sumPartsTask } from "./normalize-rows";
export { normalizeColumnsGradientTask, normalizeColumnsTask } from "./normalize-columns";
export { combinatorGradientTask, combinatorTask } from "./combinator";
export { adamUpdateTask } from "./adam-update";
export { copyRowsTask, swapColumnsTask } from "./stack-features";
export { im2colGradientTask, im2colTask } from "./im2col";
export { swapAxesTask } from "./swap-axes";
export { groupSoftmaxGradientTask, groupSoftmaxTask } from "./group-softmax";
export { softmaxRowsGradientTask, softmaxRowsTask } from "./softmax-rows";
export { addBiasTask, addTask, biasScaleTask, reluGradientTask, reluTask, sigmoidGradientTask, sigmoidTask } from "./pointwise";
export { biasReluGradientTask, biasScaleGradientTask, sumColumnsTask } from "./sum-columns";
export { sumOfSquaresTask } from "./sum-of-squares";
export {
  bitflipCostGradientTask, bitflipCostTask, bitflipLikelihoodGradientTask, bitflipLikelihoodTask,
  bitflipModelingErrorGradientTask, bitflipModelingErrorTask,
} from "./bitflip";
export {
  gaussianAlgorithmErrorGradientTask, gaussianAlgorithmErrorTask, gaussianCostGradientTask, gaussianCostTask,
  gaussianExactErrorGradientTask, gaussianExactErrorTask, gaussianLikelihoodGradientTask, gaussianLikelihoodTask,
  gaussianResidualErrorGradientTask, gaussianResidualErrorTask,
} from "./gaussian";
export {
  pixelAlgorithmErrorGradientTask, pixelAlgorithmErrorTask, pixelCostGradientTask, pixelCostTask, pixelErrorGradientTask,
  pixelErrorTask, pixelLikelihoodGradientTask, pixelLikelihoodTask, pixelResidualErrorGradientTask, pixelResidualErrorTask,
} from "./pixels";
