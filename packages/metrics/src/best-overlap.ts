import { checkSameLength } from './check';
import { countPairs, type Contingency } from './contingency';

/** Options of {@link meanBestOverlap}. */
export interface MeanBestOverlapOptions {
  /**
   * Ignores elements with this true label; `null` for none.
   *
   * @default 255
   */
  readonly ignore?: number | null;
  /**
   * The true label of the background, which is not an object; `null` if there is none.
   *
   * @default null
   */
  readonly background?: number | null;
}

/** Options of {@link meanSegmentationCovering}. */
export type MeanSegmentationCoveringOptions = Pick<MeanBestOverlapOptions, 'ignore'>;

/**
 * The mean best overlap (mBO), in (0, 1]: the mean over the objects of the largest intersection over union (IoU) with a
 * group, 1 if every object is exactly a group. With the true segments S_i that are objects and the groups G_j:
 *
 *     mBO = 1 / |objects| sum_i max_j |S_i ∩ G_j| / |S_i ∪ G_j|
 *
 * All objects count the same, whatever their size. The background is not an object, but a group that also covers background
 * has a larger union, so mBO, unlike the foreground ARI, asks for the outline of the objects. Several objects may have the
 * same best group. Ignored elements count in no intersection and no union. 1 if there is no object.
 *
 * Source: Pont-Tuset et al., "Multiscale Combinatorial Grouping for Image Segmentation and Object Proposal Generation"
 * (TPAMI 39, 2017), there as the average best overlap.
 *
 * @param truth [n], any numbers: equal numbers are one segment
 * @param predicted [n], the same
 * @throws MetricsError `INVALID_SHAPE` for different lengths
 */
export function meanBestOverlap(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { ignore = 255, background = null }: MeanBestOverlapOptions = {},
): number {
  checkSameLength('meanBestOverlap', truth, predicted);
  return meanOverlap(countPairs(truth, predicted, ignore), background);
}

/**
 * The mean segmentation covering (mSC), in (0, 1]: how well the groups cover all true segments, of which the background is
 * one. With the true segments S_i, i = 1 .. I, and the groups G_j:
 *
 *     mSC = 1 / I sum_i max_j |S_i ∩ G_j| / |S_i ∪ G_j|
 *
 * All segments count the same, whatever their size. 1 if there is no segment. Over the objects alone (mSC-FG), it is
 * {@link meanBestOverlap}.
 *
 * Source: Engelcke et al., "GENESIS: Generative Scene Inference and Sampling with Object-Centric Latent Representations"
 * (ICLR 2020), after the covering of Arbelaez et al. (TPAMI 33, 2011), which weights segments by their size.
 *
 * @param truth [n], any numbers: equal numbers are one segment
 * @param predicted [n], the same
 * @throws MetricsError `INVALID_SHAPE` for different lengths
 */
export function meanSegmentationCovering(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { ignore = 255 }: MeanSegmentationCoveringOptions = {},
): number {
  checkSameLength('meanSegmentationCovering', truth, predicted);
  return meanOverlap(countPairs(truth, predicted, ignore), null);
}

/** The mean over the true labels except `background` of the largest intersection over union, of counted pairs. */
export function meanOverlap({ labels, rows, columns, cells }: Contingency, background: number | null): number {
  const best = new Float64Array(rows.length);
  for (const { row, column, count } of cells) {
    const union = (rows[row] as number) + (columns[column] as number) - count;
    best[row] = Math.max(best[row] as number, count / union);
  }
  let sum = 0;
  let objects = 0;
  for (const [row, label] of labels.entries()) {
    if (label === background) continue;
    sum += best[row] as number;
    objects++;
  }
  return objects === 0 ? 1 : sum / objects;
}
