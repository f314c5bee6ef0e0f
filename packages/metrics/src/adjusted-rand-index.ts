import { checkSameLength } from './check';
import { countPairs, type Contingency } from './contingency';

/** Options of {@link adjustedRandIndex}. */
export interface AdjustedRandIndexOptions {
  /**
   * Ignores elements with this true label; `null` for none.
   *
   * @default 255
   */
  readonly ignore?: number | null;
  /**
   * The true label of the background, to leave out the background as well: the foreground ARI (ARI-FG). `null`: the
   * background is a segment like any other.
   *
   * @default null
   */
  readonly background?: number | null;
}

/**
 * The adjusted Rand index of two labelings: 1 for the same partition, 0 on average for independent ones, at least -0.5.
 * With pairs of elements counted as together or apart in each labeling (tp: together in both, tn: apart in both, fn:
 * together in truth only, fp: together in predicted only):
 *
 *     ARI = 2 (tp tn - fn fp) / ((tp + fn)(fn + tn) + (tp + fp)(fp + tn))
 *
 * 1 if fn = fp = 0, as in scikit-learn: also for no element at all. If truth is one segment, it is 1 for one predicted segment
 * and 0 for several.
 *
 * With `background`, this is the foreground ARI (ARI-FG) of the literature on object discovery: the ARI of the elements of
 * objects. Groups may then cover the background in any way.
 *
 * Source: Hubert, Arabie, "Comparing partitions" (Journal of Classification 2, 1985). Without the background: Greff et al.,
 * "Multi-Object Representation Learning with Iterative Variational Inference" (ICML 2019).
 *
 * @param truth [n], any numbers: equal numbers are one segment
 * @param predicted [n], the same
 * @throws MetricsError `INVALID_SHAPE` for different lengths
 */
export function adjustedRandIndex(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { ignore = 255, background = null }: AdjustedRandIndexOptions = {},
): number {
  checkSameLength('adjustedRandIndex', truth, predicted);
  return randIndex(countPairs(truth, predicted, ignore, 0, truth.length, background));
}

/** The adjusted Rand index of counted pairs. */
export function randIndex({ total, rows, columns, cells }: Contingency): number {
  const pairs = (count: number): number => count * (count - 1);
  let together = 0;
  let truthTogether = 0;
  let predictedTogether = 0;
  for (const { count } of cells) together += pairs(count);
  for (const size of rows) truthTogether += pairs(size);
  for (const size of columns) predictedTogether += pairs(size);

  const tp = together;
  const fn = truthTogether - together;
  const fp = predictedTogether - together;
  const tn = pairs(total) - tp - fn - fp;
  if (fn === 0 && fp === 0) return 1;
  return (2 * (tp * tn - fn * fp)) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn));
}
