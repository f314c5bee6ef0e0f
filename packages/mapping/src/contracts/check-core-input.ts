import { TaggerError } from '@taggerjs/nn';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { CoreEnvironment } from './core';

/** @throws TaggerError `INVALID_SHAPE` if the input of a core is not [K*B, (2C+2)P] */
export function checkCoreInput(
  what: string,
  input: Tensor2D,
  { inputSize, channels = 1 }: Pick<CoreEnvironment, 'inputSize' | 'channels'>,
): void {
  const pixels = inputSize / channels;
  const columns = 2 * (inputSize + pixels);
  if (input.rank === 2 && input.shape[1] === columns) return;
  const parts =
    channels === 1 ? 'z, m, dz and L' : `${2 * channels + 2} planes: z, m, dz and L with ${channels} channels,`;
  throw new TaggerError(
    'INVALID_SHAPE',
    `${what}: the input must be [K*B, ${columns}] (${parts} of ${pixels} elements each), got [${input.shape}].`,
  );
}
