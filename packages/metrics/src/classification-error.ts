import { checkDivides, checkInteger } from './check';
import { checkLabel, rankOfClass } from './class-ranks';
import { MetricsError } from './errors';

/** Options of {@link classificationError}. */
export interface ClassificationErrorOptions {
  /** The number of examples, B. */
  readonly size: number;
}

/**
 * The classification error, in [0, 1]: the mean over examples of the share of their classes that is not found. An
 * example with d different classes is compared with its d most probable classes; on ties, the lower class comes first.
 * With one object, this counts whether the most probable class is wrong. With two objects of classes a and b, it is the
 * share of {a, b} missing from the top two classes, or, if a = b, whether the top class is not a.
 *
 * @param posterior [B, C], class probabilities (or anything in the same order)
 * @param labels [B, L], the class of each object, integers in [0, C)
 * @throws MetricsError `INVALID_SHAPE` for lengths that are not multiples of `size`, `INVALID_LABEL`, `NON_FINITE` for a
 *   NaN in the posterior, `INVALID_OPTION`
 */
export function classificationError(
  posterior: ArrayLike<number>,
  labels: ArrayLike<number>,
  { size }: ClassificationErrorOptions,
): number {
  checkInteger('classificationError', 'size', size, 1);
  const classes = checkDivides('classificationError', 'posterior', posterior.length, 'size', size);
  const objects = checkDivides('classificationError', 'labels', labels.length, 'size', size);
  if (classes === 0 || objects === 0) {
    throw new MetricsError(
      'INVALID_SHAPE',
      `classificationError: expected at least one class and one label for each example, got ${classes} and ${objects}.`,
    );
  }

  let error = 0;
  for (let b = 0; b < size; b++) {
    const wanted = new Set<number>();
    for (let l = b * objects; l < (b + 1) * objects; l++)
      wanted.add(checkLabel('classificationError', labels[l] as number, classes, l));

    let missed = 0;
    for (const label of wanted) {
      if (rankOfClass('classificationError', posterior, b * classes, classes, label) >= wanted.size) missed++;
    }
    error += missed / wanted.size;
  }
  return error / size;
}
