import type { StepSettings } from './step-settings';

/** The same inputs for every variant: binary or grey pixels without structure. [B, N] */
export function randomInputs({ batch, inputSize, noise }: StepSettings): Float32Array {
  let state = 1;
  return Float32Array.from({ length: batch * inputSize }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const uniform = state / 2 ** 32;
    return noise === 'bitflip' ? Number(uniform < 0.28) : uniform;
  });
}
