import { requireSplit, type Split } from '../contract/split';
import { DatasetError } from '../errors';

/** Number of training digits of MNIST used for validation: the last ones. */
const VALIDATION = 10_000;

/** Digits in the layout of MNIST. The arrays are not copied. */
export interface Digits {
  /** [count, 28 * 28] gray values as bytes: 0 is background, 255 ink. */
  readonly images: Uint8Array;
  /** [count] the digit of each image, 0 to 9. */
  readonly labels: Uint8Array;
}

/** MNIST as published: 60,000 training and 10,000 test digits. */
export interface Mnist {
  /** Training digits. */
  readonly train: Digits;
  /** Test digits. */
  readonly test: Digits;
}

/**
 * Returns a split of MNIST as views: the training digits 0 .. 49,999 for `'train'`, 50,000 .. 59,999 for `'validation'`,
 * the test digits for `'test'`.
 *
 * @throws DatasetError `INVALID_DATA` for 10,000 training digits or fewer, because none would be left for training;
 * `INVALID_OPTION` for an unknown split
 */
export function mnistSplit({ train, test }: Mnist, split: Split): Digits {
  requireSplit('mnistSplit', split);
  if (split === 'test') return test;
  const count = train.labels.length;
  const size = train.images.length / count;
  if (count <= VALIDATION || !Number.isInteger(size))
    throw new DatasetError(
      'INVALID_DATA',
      `mnistSplit: expected images of equal size for more than ${VALIDATION} training digits (the last ${VALIDATION} are for ` +
        `validation); got ${train.images.length} bytes for ${count} digits.`,
    );
  const [from, to] = split === 'train' ? [0, count - VALIDATION] : [count - VALIDATION, count];
  return { images: train.images.subarray(from * size, to * size), labels: train.labels.subarray(from, to) };
}
