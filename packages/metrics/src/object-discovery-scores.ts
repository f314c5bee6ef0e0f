import { randIndex } from './adjusted-rand-index';
import { meanOverlap } from './best-overlap';
import { checkDivides, checkInteger, checkSameLength } from './check';
import { countPairs } from './contingency';

/** Options of {@link objectDiscoveryScores}. */
export interface ObjectDiscoveryScoresOptions {
  /** The number of examples, B. */
  readonly size: number;
  /** The true label of the background; `null` if there is none. */
  readonly background: number | null;
  /**
   * Ignores elements with this true label; `null` for none.
   *
   * @default 255
   */
  readonly ignore?: number | null;
}

/** The measures of object discovery of each example, [B]. */
export interface ObjectDiscoveryScores {
  /** Adjusted Rand index of all elements, the background being a segment. See `adjustedRandIndex`. */
  readonly ari: Float64Array;
  /** Foreground ARI (ARI-FG): of the elements of objects. See `adjustedRandIndex`. */
  readonly ariForeground: Float64Array;
  /** Mean best overlap (mBO) of the objects. See `meanBestOverlap`. */
  readonly mbo: Float64Array;
  /** Mean segmentation covering (mSC) of the objects and the background. See `meanSegmentationCovering`. */
  readonly msc: Float64Array;
}

/**
 * The measures that papers on object discovery report, of each example: between its true segments and its predicted groups,
 * over its elements whose segment is not `ignore`.
 *
 * @param truth [B, N], the true segments
 * @param predicted [B, N], the groups, as from `argmaxGroups`
 * @throws MetricsError `INVALID_SHAPE` for lengths that differ or are not a multiple of `size`, `INVALID_OPTION`
 */
export function objectDiscoveryScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { size, background, ignore = 255 }: ObjectDiscoveryScoresOptions,
): ObjectDiscoveryScores {
  const caller = 'objectDiscoveryScores';
  checkSameLength(caller, truth, predicted);
  checkInteger(caller, 'size', size, 1);
  const elements = checkDivides(caller, 'truth', truth.length, 'size', size);
  const scores = {
    ari: new Float64Array(size),
    ariForeground: new Float64Array(size),
    mbo: new Float64Array(size),
    msc: new Float64Array(size),
  };
  for (let b = 0; b < size; b++) {
    const [start, end] = [b * elements, (b + 1) * elements];
    const all = countPairs(truth, predicted, ignore, start, end);
    scores.ari[b] = randIndex(all);
    scores.mbo[b] = meanOverlap(all, background);
    scores.msc[b] = meanOverlap(all, null);
    const foreground = background === null ? all : countPairs(truth, predicted, ignore, start, end, background);
    scores.ariForeground[b] = randIndex(foreground);
  }
  return scores;
}
