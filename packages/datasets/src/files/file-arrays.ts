import type { NamedTensor } from '@taggerjs/weights';

import type { Split } from '../contract/split';

/** What a file has for some examples: arrays whose first axis is the example. */
export interface ExampleArrays {
  /** [size, ...] */
  readonly inputs: NamedTensor;
  /** [size, ...]: a segment for each element; or [size, K, ...]: how far each element belongs to each of K. */
  readonly segments?: NamedTensor;
  /** [size] or [size, labels of each] */
  readonly labels?: NamedTensor;
}

/** What a file has: parts of its own, or examples that are not parted. Of a file of parts, `train` is never missing. */
export type FileArrays = Partial<Readonly<Record<Split | 'whole', ExampleArrays>>>;
