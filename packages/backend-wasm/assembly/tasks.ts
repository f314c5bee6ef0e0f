// Which task belongs to which job. The functions named here are exported from the module only to keep them functions:
// inlined into the loop of a thread, which never returns, they would run unoptimized forever.

import { multiplyStrip, packRows } from "./matmul";
import { multiplyFewRowsTask } from "./matmul-few-rows";
import { multiplyPackedTask, packColumnsTask } from "./matmul-packed";
import { normalizeRowsGradientTask, normalizeRowsTask, sumPartsTask } from "./normalize-rows";
import { normalizeColumnsGradientTask, normalizeColumnsTask } from "./normalize-columns";
import { combinatorGradientTask, combinatorTask } from "./combinator";
import { adamUpdateTask } from "./adam-update";
import { copyRowsTask } from "./stack-features";
import { neighborhoodsGradientTask, neighborhoodsTask } from "./neighborhoods";
import { swapAxesTask } from "./swap-axes";
import { groupSoftmaxGradientTask, groupSoftmaxTask } from "./group-softmax";
import { softmaxRowsGradientTask, softmaxRowsTask } from "./softmax-rows";
import { addBiasTask, biasScaleTask, reluGradientTask, reluTask, sigmoidGradientTask, sigmoidTask } from "./pointwise";
import { biasReluGradientTask, biasScaleGradientTask, sumColumnsTask } from "./sum-columns";
import { sumOfSquaresTask } from "./sum-of-squares";
import {
  bitflipCostGradientTask, bitflipCostTask, bitflipLikelihoodGradientTask, bitflipLikelihoodTask,
  bitflipModelingErrorGradientTask, bitflipModelingErrorTask,
} from "./bitflip";
import {
  gaussianAlgorithmErrorGradientTask, gaussianAlgorithmErrorTask, gaussianCostGradientTask, gaussianCostTask,
  gaussianExactErrorGradientTask, gaussianExactErrorTask, gaussianLikelihoodGradientTask, gaussianLikelihoodTask,
  gaussianResidualErrorGradientTask, gaussianResidualErrorTask,
} from "./gaussian";

/** Operations, the first word of a job. */
export const PACK_ROWS: u32 = 0;
export const MULTIPLY_STRIP: u32 = 1;
export const NORMALIZE_ROWS: u32 = 2;
export const NORMALIZE_ROWS_GRADIENT: u32 = 3;
export const SUM_PARTS: u32 = 4;
export const NORMALIZE_COLUMNS: u32 = 5;
export const NORMALIZE_COLUMNS_GRADIENT: u32 = 6;
export const COMBINATOR: u32 = 7;
export const COMBINATOR_GRADIENT: u32 = 8;
export const ADAM_UPDATE: u32 = 9;
export const COPY_ROWS: u32 = 10;
export const GROUP_SOFTMAX: u32 = 11;
export const GROUP_SOFTMAX_GRADIENT: u32 = 12;
export const SOFTMAX_ROWS: u32 = 13;
export const SOFTMAX_ROWS_GRADIENT: u32 = 14;
export const SIGMOID: u32 = 15;
export const SIGMOID_GRADIENT: u32 = 16;
export const RELU: u32 = 17;
export const RELU_GRADIENT: u32 = 18;
export const ADD_BIAS: u32 = 19;
export const BIAS_SCALE: u32 = 20;
export const SUM_COLUMNS: u32 = 21;
export const BIAS_RELU_GRADIENT: u32 = 22;
export const BIAS_SCALE_GRADIENT: u32 = 23;
export const SUM_OF_SQUARES: u32 = 24;
export const BITFLIP_LIKELIHOOD: u32 = 25;
export const BITFLIP_LIKELIHOOD_GRADIENT: u32 = 26;
export const BITFLIP_MODELING_ERROR: u32 = 27;
export const BITFLIP_MODELING_ERROR_GRADIENT: u32 = 28;
export const BITFLIP_COST: u32 = 29;
export const BITFLIP_COST_GRADIENT: u32 = 30;
export const GAUSSIAN_LIKELIHOOD: u32 = 31;
export const GAUSSIAN_LIKELIHOOD_GRADIENT: u32 = 32;
export const GAUSSIAN_ALGORITHM_ERROR: u32 = 33;
export const GAUSSIAN_ALGORITHM_ERROR_GRADIENT: u32 = 34;
export const GAUSSIAN_EXACT_ERROR: u32 = 35;
export const GAUSSIAN_EXACT_ERROR_GRADIENT: u32 = 36;
export const GAUSSIAN_RESIDUAL_ERROR: u32 = 37;
export const GAUSSIAN_RESIDUAL_ERROR_GRADIENT: u32 = 38;
export const GAUSSIAN_COST: u32 = 39;
export const GAUSSIAN_COST_GRADIENT: u32 = 40;
export const MULTIPLY_FEW_ROWS: u32 = 41;
export const PACK_COLUMNS: u32 = 42;
export const MULTIPLY_PACKED: u32 = 43;
export const NEIGHBORHOODS: u32 = 44;
export const NEIGHBORHOODS_GRADIENT: u32 = 45;
export const SWAP_AXES: u32 = 46;

/** Does one task of the job. `thread` says whose scratch memory may be used. */
export function runTask(job: usize, task: u32, thread: u32): void {
  switch (load<u32>(job)) {
    case PACK_ROWS: packRows(job, task); break;
    case MULTIPLY_STRIP: multiplyStrip(job, task, thread); break;
    case NORMALIZE_ROWS: normalizeRowsTask(job, task); break;
    case NORMALIZE_ROWS_GRADIENT: normalizeRowsGradientTask(job, task); break;
    case SUM_PARTS: sumPartsTask(job, task); break;
    case NORMALIZE_COLUMNS: normalizeColumnsTask(job, task); break;
    case NORMALIZE_COLUMNS_GRADIENT: normalizeColumnsGradientTask(job, task); break;
    case COMBINATOR: combinatorTask(job, task, thread); break;
    case COMBINATOR_GRADIENT: combinatorGradientTask(job, task, thread); break;
    case ADAM_UPDATE: adamUpdateTask(job, task); break;
    case COPY_ROWS: copyRowsTask(job, task); break;
    case GROUP_SOFTMAX: groupSoftmaxTask(job, task); break;
    case GROUP_SOFTMAX_GRADIENT: groupSoftmaxGradientTask(job, task); break;
    case SOFTMAX_ROWS: softmaxRowsTask(job, task); break;
    case SOFTMAX_ROWS_GRADIENT: softmaxRowsGradientTask(job, task); break;
    case SIGMOID: sigmoidTask(job, task); break;
    case SIGMOID_GRADIENT: sigmoidGradientTask(job, task); break;
    case RELU: reluTask(job, task); break;
    case RELU_GRADIENT: reluGradientTask(job, task); break;
    case ADD_BIAS: addBiasTask(job, task); break;
    case BIAS_SCALE: biasScaleTask(job, task); break;
    case SUM_COLUMNS: sumColumnsTask(job, task); break;
    case BIAS_RELU_GRADIENT: biasReluGradientTask(job, task); break;
    case BIAS_SCALE_GRADIENT: biasScaleGradientTask(job, task); break;
    case SUM_OF_SQUARES: sumOfSquaresTask(job, task); break;
    case BITFLIP_LIKELIHOOD: bitflipLikelihoodTask(job, task); break;
    case BITFLIP_LIKELIHOOD_GRADIENT: bitflipLikelihoodGradientTask(job, task); break;
    case BITFLIP_MODELING_ERROR: bitflipModelingErrorTask(job, task); break;
    case BITFLIP_MODELING_ERROR_GRADIENT: bitflipModelingErrorGradientTask(job, task); break;
    case BITFLIP_COST: bitflipCostTask(job, task); break;
    case BITFLIP_COST_GRADIENT: bitflipCostGradientTask(job, task); break;
    case GAUSSIAN_LIKELIHOOD: gaussianLikelihoodTask(job, task); break;
    case GAUSSIAN_LIKELIHOOD_GRADIENT: gaussianLikelihoodGradientTask(job, task); break;
    case GAUSSIAN_ALGORITHM_ERROR: gaussianAlgorithmErrorTask(job, task); break;
    case GAUSSIAN_ALGORITHM_ERROR_GRADIENT: gaussianAlgorithmErrorGradientTask(job, task); break;
    case GAUSSIAN_EXACT_ERROR: gaussianExactErrorTask(job, task); break;
    case GAUSSIAN_EXACT_ERROR_GRADIENT: gaussianExactErrorGradientTask(job, task); break;
    case GAUSSIAN_RESIDUAL_ERROR: gaussianResidualErrorTask(job, task); break;
    case GAUSSIAN_RESIDUAL_ERROR_GRADIENT: gaussianResidualErrorGradientTask(job, task); break;
    case GAUSSIAN_COST: gaussianCostTask(job, task); break;
    case GAUSSIAN_COST_GRADIENT: gaussianCostGradientTask(job, task); break;
    case MULTIPLY_FEW_ROWS: multiplyFewRowsTask(job, task, thread); break;
    case PACK_COLUMNS: packColumnsTask(job, task); break;
    case MULTIPLY_PACKED: multiplyPackedTask(job, task, thread); break;
    case NEIGHBORHOODS: neighborhoodsTask(job, task); break;
    case NEIGHBORHOODS_GRADIENT: neighborhoodsGradientTask(job, task); break;
    case SWAP_AXES: swapAxesTask(job, task); break;
    default: unreachable();
  }
}
