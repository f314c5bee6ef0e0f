import { requireSplit, type Split } from '../contract/split';
import { DatasetError } from '../errors';

/** Training digits of MNIST that are kept for validation: the last ones. */
const VALIDATION = 10_000;

/** Digits as MNIST has them. The arrays are not copied. */
export interface Digits {
  /** [count, 28 * 28] grey values as bytes, 0 nothing and 255 ink. */
  readonly images: Uint8Array;
  /** [count] the digit that each shows, 0 to 9. */
  readonly labels: Uint8Array;
}

/** MNIST as it is published: 60,000 training and 10,000 test digits. */
export interface Mnist {
  /** Training digits. */
  readonly train: Digits;
  /** Test digits. */
  readonly test: Digits;
}

/**
 * A part of MNIST: the training digits 0 .. 49,999 for `'train'`, 50,000 .. 59,999 for `'validation'`, the test digits for
 * `'test'`. Views, not copies.
 *
 * @throws DatasetError `INVALID_DATA` for 10,000 training digits or fewer, which leave none to train on; `INVALID_OPTION`
 * for an unknown split
 */
export function mnistSplit({ train, test }: Mnist, split: Split): Digits {
  requireSplit('mnistSplit', split);
  if (split === 'test') return test;
  const count = train.labels.length;
  const size = train.images.length / count;
  if (count <= VALIDATION || !Number.isInteger(size))
    throw new DatasetError(
      'INVALID_DATA',
      `mnistSplit: expected images of one size for more than ${VALIDATION} training digits, of which the last ${VALIDATION} ` +
        `are kept for validation; got ${train.images.length} bytes for ${count} digits.`,
    );
  const [from, to] = split === 'train' ? [0, count - VALIDATION] : [count - VALIDATION, count];
  return { images: train.images.subarray(from * size, to * size), labels: train.labels.subarray(from, to) };
}
