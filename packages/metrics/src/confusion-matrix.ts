import { checkDivides, checkInteger } from './check';
import { checkLabel, rankOfClass } from './class-ranks';
import { MetricsError } from './errors';

/** Options of {@link confusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** The number of examples, B. */
  readonly size: number;
}

/**
 * The confusion matrix: entry [i][j] counts objects of class i classified as class j. As in `classificationError`, an
 * example with d different classes is compared with its d most probable classes. Classes in both count on the diagonal; each
 * missed class is split equally among the classes found instead. Rows sum to the number of examples with that class; with
 * one object per example this is the usual confusion matrix.
 *
 * @param posterior [B, C], class probabilities (or anything in the same order)
 * @param labels [B, L], the class of each object, integers in [0, C)
 * @returns C rows of C numbers; each row is a true class
 * @throws MetricsError `INVALID_SHAPE` for lengths that are not multiples of `size`, `INVALID_LABEL`, `NON_FINITE` for a
 *   NaN in the posterior, `INVALID_OPTION`
 */
export function confusionMatrix(
  posterior: ArrayLike<number>,
  labels: ArrayLike<number>,
  { size }: ConfusionMatrixOptions,
): number[][] {
  const caller = 'confusionMatrix';
  checkInteger(caller, 'size', size, 1);
  const classes = checkDivides(caller, 'posterior', posterior.length, 'size', size);
  const objects = checkDivides(caller, 'labels', labels.length, 'size', size);
  if (classes === 0 || objects === 0) {
    throw new MetricsError(
      'INVALID_SHAPE',
      `${caller}: expected at least one class and one label for each example, got ${classes} and ${objects}.`,
    );
  }

  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let b = 0; b < size; b++) {
    const wanted = new Set<number>();
    for (let l = b * objects; l < (b + 1) * objects; l++)
      wanted.add(checkLabel(caller, labels[l] as number, classes, l));
    const found: number[] = [];
    for (let c = 0; c < classes; c++) {
      if (rankOfClass(caller, posterior, b * classes, classes, c) < wanted.size) found.push(c);
    }
    const instead = found.filter((c) => !wanted.has(c));
    for (const label of wanted) {
      const row = matrix[label] as number[];
      if (found.includes(label)) row[label]! += 1;
      else for (const c of instead) row[c]! += 1 / instead.length;
    }
  }
  return matrix;
}
