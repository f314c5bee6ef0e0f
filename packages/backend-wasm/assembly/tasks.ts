// Maps each job to the function that runs its tasks. These functions are exported from the module only to prevent inlining:
// inlined into the main loop of a thread, which never returns, they would never be optimized.
//
// The imports are circular: pool.ts calls this table, it calls every kernel, and kernels publish their jobs through pool.ts.
// A table of function references would break the cycle, but AssemblyScript keeps those in static memory, and the memory
// belongs to tfjs.

import {
  PACK_ROWS, MULTIPLY_STRIP, NORMALIZE_ROWS, NORMALIZE_ROWS_GRADIENT, SUM_PARTS, NORMALIZE_COLUMNS,
  NORMALIZE_COLUMNS_GRADIENT, COMBINATOR, COMBINATOR_GRADIENT, ADAM_UPDATE, COPY_ROWS, GROUP_SOFTMAX,
  GROUP_SOFTMAX_GRADIENT, SOFTMAX_ROWS, SOFTMAX_ROWS_GRADIENT, SIGMOID, SIGMOID_GRADIENT, RELU, RELU_GRADIENT,
  ADD_BIAS, BIAS_SCALE, SUM_COLUMNS, BIAS_RELU_GRADIENT, BIAS_SCALE_GRADIENT, SUM_OF_SQUARES, BITFLIP_LIKELIHOOD,
  BITFLIP_LIKELIHOOD_GRADIENT, BITFLIP_MODELING_ERROR, BITFLIP_MODELING_ERROR_GRADIENT, BITFLIP_COST,
  BITFLIP_COST_GRADIENT, GAUSSIAN_LIKELIHOOD, GAUSSIAN_LIKELIHOOD_GRADIENT, GAUSSIAN_ALGORITHM_ERROR,
  GAUSSIAN_ALGORITHM_ERROR_GRADIENT, GAUSSIAN_EXACT_ERROR, GAUSSIAN_EXACT_ERROR_GRADIENT, GAUSSIAN_RESIDUAL_ERROR,
  GAUSSIAN_RESIDUAL_ERROR_GRADIENT, GAUSSIAN_COST, GAUSSIAN_COST_GRADIENT, MULTIPLY_FEW_ROWS, PACK_COLUMNS,
  MULTIPLY_PACKED, IM2COL, IM2COL_GRADIENT, SWAP_AXES, PIXEL_ALGORITHM_ERROR, PIXEL_ALGORITHM_ERROR_GRADIENT, PIXEL_COST,
  PIXEL_COST_GRADIENT, PIXEL_ERROR, PIXEL_ERROR_GRADIENT, PIXEL_LIKELIHOOD, PIXEL_LIKELIHOOD_GRADIENT,
  PIXEL_RESIDUAL_ERROR, PIXEL_RESIDUAL_ERROR_GRADIENT, SWAP_COLUMNS, ADD,
} from "./job";
import { multiplyStrip, packRows } from "./matmul";
import { multiplyFewRowsTask } from "./matmul-few-rows";
import { multiplyPackedTask, packColumnsTask } from "./matmul-packed";
import { normalizeRowsGradientTask, normalizeRowsTask, sumPartsTask } from "./normalize-rows";
import { normalizeColumnsGradientTask, normalizeColumnsTask } from "./normalize-columns";
import { combinatorGradientTask, combinatorTask } from "./combinator";
import { adamUpdateTask } from "./adam-update";
import { copyRowsTask, swapColumnsTask } from "./stack-features";
import { im2colGradientTask, im2colTask } from "./im2col";
import { swapAxesTask } from "./swap-axes";
import { groupSoftmaxGradientTask, groupSoftmaxTask } from "./group-softmax";
import { softmaxRowsGradientTask, softmaxRowsTask } from "./softmax-rows";
import { addBiasTask, addTask, biasScaleTask, reluGradientTask, reluTask, sigmoidGradientTask, sigmoidTask } from "./pointwise";
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
import {
  pixelAlgorithmErrorGradientTask, pixelAlgorithmErrorTask, pixelCostGradientTask, pixelCostTask, pixelErrorGradientTask,
  pixelErrorTask, pixelLikelihoodGradientTask, pixelLikelihoodTask, pixelResidualErrorGradientTask, pixelResidualErrorTask,
} from "./pixels";

/** Runs one task of the job, with the memory of `thread`. */
export function runTask(job: usize, task: u32, thread: u32): void {
  switch (load<u32>(job)) {
    case PACK_ROWS: packRows(job, task); break;
    case MULTIPLY_STRIP: multiplyStrip(job, task, thread); break;
    case NORMALIZE_ROWS: normalizeRowsTask(job, task); break;
    case NORMALIZE_ROWS_GRADIENT: normalizeRowsGradientTask(job, task); break;
    case SUM_PARTS: sumPartsTask(job, task); break;
    case NORMALIZE_COLUMNS: normalizeColumnsTask(job, task, thread); break;
    case NORMALIZE_COLUMNS_GRADIENT: normalizeColumnsGradientTask(job, task, thread); break;
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
    case SUM_COLUMNS: sumColumnsTask(job, task, thread); break;
    case BIAS_RELU_GRADIENT: biasReluGradientTask(job, task, thread); break;
    case BIAS_SCALE_GRADIENT: biasScaleGradientTask(job, task, thread); break;
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
    case IM2COL: im2colTask(job, task); break;
    case IM2COL_GRADIENT: im2colGradientTask(job, task); break;
    case SWAP_AXES: swapAxesTask(job, task); break;
    case PIXEL_LIKELIHOOD: pixelLikelihoodTask(job, task); break;
    case PIXEL_LIKELIHOOD_GRADIENT: pixelLikelihoodGradientTask(job, task); break;
    case PIXEL_ERROR: pixelErrorTask(job, task); break;
    case PIXEL_ERROR_GRADIENT: pixelErrorGradientTask(job, task); break;
    case PIXEL_COST: pixelCostTask(job, task); break;
    case PIXEL_COST_GRADIENT: pixelCostGradientTask(job, task); break;
    case PIXEL_ALGORITHM_ERROR: pixelAlgorithmErrorTask(job, task); break;
    case PIXEL_ALGORITHM_ERROR_GRADIENT: pixelAlgorithmErrorGradientTask(job, task); break;
    case PIXEL_RESIDUAL_ERROR: pixelResidualErrorTask(job, task); break;
    case PIXEL_RESIDUAL_ERROR_GRADIENT: pixelResidualErrorGradientTask(job, task); break;
    case SWAP_COLUMNS: swapColumnsTask(job, task); break;
    case ADD: addTask(job, task); break;
    default: unreachable();
  }
}
