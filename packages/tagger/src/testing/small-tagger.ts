import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { bitflip, gaussian } from '@taggerjs/noise';

import { createTagger, type TaggerOptions } from '../model/create-tagger';

/** Options that make a Tagger of a few units. */
export interface SmallTaggerOptions extends Partial<Omit<TaggerOptions, 'noise' | 'core'>> {
  readonly noise?: 'bitflip' | 'gaussian';
  readonly norm?: 'layer' | 'batch';
  readonly gate?: 'sigmoid' | 'linear';
  readonly form?: 'algorithm' | 'exact' | 'residual';
  readonly predictionInit?: 'constant' | 'data';
  readonly classes?: number;
}

/** A Tagger of a few units on inputs of [3, 4]. */
export function smallTagger({
  noise = 'bitflip',
  norm = 'layer',
  gate = 'sigmoid',
  form = 'algorithm',
  predictionInit = 'constant',
  classes,
  ...rest
}: SmallTaggerOptions = {}) {
  return createTagger({
    inputShape: [3, 4],
    data: { mean: 0.3, standardDeviation: 0.4 },
    noise: noise === 'bitflip' ? bitflip() : gaussian({ form }),
    core: projected({
      hiddenSize: 10,
      norm,
      predictionInit,
      mapping: ladder({
        sizes: [7, classes === undefined ? 5 : classes + 1],
        gate,
        ...(classes !== undefined && { classes }),
      }),
    }),
    ...rest,
  });
}

/** Rows of zeros and ones without structure. */
export function binaryRows(rows: number, columns = 12): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => Number(Math.sin(12.9898 * (i + 1)) > 0.3));
}
