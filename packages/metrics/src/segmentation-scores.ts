import { adjust, checkAverage, type AdjustedMutualInformationOptions } from './adjusted-mutual-information';
import { checkDivides, checkInteger, checkSameLength } from './check';
import { countPairs } from './contingency';

/** Options of {@link segmentationScores}. */
export interface SegmentationScoresOptions extends AdjustedMutualInformationOptions {
  /** The number of examples, B. */
  readonly size: number;
}

/**
 * The adjusted mutual information of each example: between its true segments and its predicted groups, over its elements
 * whose segment is not `ignore`. See {@link adjustedMutualInformation}, also for an example with no such element (1).
 *
 * @param truth [B, N], the true segments
 * @param predicted [B, N], the groups, as from {@link argmaxGroups}
 * @returns [B]
 * @throws MetricsError `INVALID_SHAPE` for lengths that differ or are not a multiple of `size`, `INVALID_OPTION`
 */
export function segmentationScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { size, average = 'max', ignore = 255 }: SegmentationScoresOptions,
): Float64Array {
  checkSameLength('segmentationScores', truth, predicted);
  checkInteger('segmentationScores', 'size', size, 1);
  checkAverage('segmentationScores', average);
  const elements = checkDivides('segmentationScores', 'truth', truth.length, 'size', size);
  const scores = new Float64Array(size);
  for (let b = 0; b < size; b++) {
    scores[b] = adjust(countPairs(truth, predicted, ignore, b * elements, (b + 1) * elements), average);
  }
  return scores;
}
