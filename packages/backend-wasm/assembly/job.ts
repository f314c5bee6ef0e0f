// Layout of the control block: the arguments of a job, the operation codes for its first word, and the memory of the threads.

/** Offset of a job's arguments in the control block: 32-bit words, the operation first. */
export const JOB: usize = 768;
/** Size of the control block in bytes. The memory of each thread follows it. */
export const CONTROL_BYTES: usize = 1024;
/** Bytes of memory per thread: what combinator.ts needs, which needs the most. */
const THREAD_BYTES: usize = 22528;

/** Bytes of a control block and the memory of its threads. */
export function controlBytes(threads: u32): usize {
  return CONTROL_BYTES + <usize>threads * THREAD_BYTES;
}

/** Memory of a thread, for the intermediate values of a task. */
@inline
export function threadMemory(job: usize, thread: u32): usize {
  return job - JOB + CONTROL_BYTES + <usize>thread * THREAD_BYTES;
}

/** Operation codes, the first word of a job. */
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
export const IM2COL: u32 = 44;
export const IM2COL_GRADIENT: u32 = 45;
export const SWAP_AXES: u32 = 46;
export const PIXEL_LIKELIHOOD: u32 = 47;
export const PIXEL_LIKELIHOOD_GRADIENT: u32 = 48;
export const PIXEL_ERROR: u32 = 49;
export const PIXEL_ERROR_GRADIENT: u32 = 50;
export const PIXEL_COST: u32 = 51;
export const PIXEL_COST_GRADIENT: u32 = 52;
export const PIXEL_ALGORITHM_ERROR: u32 = 53;
export const PIXEL_ALGORITHM_ERROR_GRADIENT: u32 = 54;
export const PIXEL_RESIDUAL_ERROR: u32 = 55;
export const PIXEL_RESIDUAL_ERROR_GRADIENT: u32 = 56;
export const SWAP_COLUMNS: u32 = 57;
export const ADD: u32 = 58;
