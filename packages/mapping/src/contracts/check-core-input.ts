import { TaggerError } from '@taggerjs/nn';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** @throws TaggerError `INVALID_SHAPE` if the input of a core is not [K*B, 4N] */
export function checkCoreInput(what: string, input: Tensor2D, inputSize: number): void {
  if (input.rank === 2 && input.shape[1] === 4 * inputSize) return;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${what}: the input must be [K*B, ${4 * inputSize}] (z, m, dz and L of ${inputSize} elements each), got ` +
      `[${input.shape}].`,
  );
}
