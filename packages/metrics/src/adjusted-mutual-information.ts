import { checkSameLength } from './check';
import { countPairs, type Contingency } from './contingency';
import { MetricsError } from './errors';
import { entropy, expectedMutualInformation, mutualInformation } from './mutual-information';

/** The mean of the two entropies that normalizes the adjusted mutual information. */
export type EntropyAverage = 'max' | 'arithmetic';

/** Options of {@link adjustedMutualInformation}. */
export interface AdjustedMutualInformationOptions {
  /**
   * `'max'`: the larger entropy, as the Tagger's authors report. `'arithmetic'`: their mean, scikit-learn's default.
   *
   * @default 'max'
   */
  readonly average?: EntropyAverage;
  /**
   * Ignores elements with this true label; `null` for none.
   *
   * @default 255
   */
  readonly ignore?: number | null;
}

/**
 * The adjusted mutual information of two labelings: 1 for the same partition, 0 on average for independent ones; it may
 * be negative.
 *
 *     AMI = (MI - E[MI]) / (average(H(truth), H(predicted)) - E[MI])
 *
 * E[MI] is the mean over all labelings of the same sizes. Degenerate cases follow scikit-learn: 1 if neither labeling
 * splits the elements (or none is left), 0 if just one of them does not.
 *
 * Source: Vinh, Epps, Bailey, "Information theoretic measures for clusterings comparison" (JMLR 11, 2010).
 *
 * @param truth [n], any numbers: equal numbers are one segment
 * @param predicted [n], the same
 * @throws MetricsError `INVALID_SHAPE` for different lengths, `INVALID_OPTION` for an unknown average
 */
export function adjustedMutualInformation(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { average = 'max', ignore = 255 }: AdjustedMutualInformationOptions = {},
): number {
  checkSameLength('adjustedMutualInformation', truth, predicted);
  checkAverage('adjustedMutualInformation', average);
  return adjust(countPairs(truth, predicted, ignore), average);
}

/** The adjusted mutual information of counted pairs. */
export function adjust(contingency: Contingency, average: EntropyAverage): number {
  const { total, rows, columns, cells } = contingency;
  // The same partition: as many cells as rows and as columns. So are two labelings that do not split, and no elements.
  if (cells.length === rows.length && cells.length === columns.length) return 1;
  if (rows.length === 1 || columns.length === 1) return 0;

  const expected = expectedMutualInformation(contingency);
  const truth = entropy(rows, total);
  const predicted = entropy(columns, total);
  const largest = average === 'max' ? Math.max(truth, predicted) : (truth + predicted) / 2;
  // E[MI] reaches the average of the entropies only for the same partition, so this divides by more than 0.
  return Math.min(1, (mutualInformation(contingency) - expected) / (largest - expected));
}

/** Requires a known average. */
export function checkAverage(where: string, average: EntropyAverage): void {
  if (average !== 'max' && average !== 'arithmetic') {
    throw new MetricsError(
      'INVALID_OPTION',
      `${where}: expected average to be 'max' or 'arithmetic', got ${String(average)}.`,
    );
  }
}
