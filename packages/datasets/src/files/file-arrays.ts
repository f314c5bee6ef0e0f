import type { NamedTensor } from '@taggerjs/weights';

import type { Split } from '../contract/split';

/** Arrays of a file; the first axis is the example. */
export interface ExampleArrays {
  /** [size, ...] */
  readonly inputs: NamedTensor;
  /** [size, ...] a segment for each element, or [size, K, ...] K masks in [0, 1]. */
  readonly segments?: NamedTensor;
  /** [size, ...] 1 where an element is background, otherwise 0; or the segment that is background. */
  readonly background?: NamedTensor | number;
  /** [size] or [size, labelsPerExample] */
  readonly labels?: NamedTensor;
}

/** Arrays by split, or `whole` if the file has no splits. A file with splits always has `train`. */
export type FileArrays = Partial<Readonly<Record<Split | 'whole', ExampleArrays>>>;
