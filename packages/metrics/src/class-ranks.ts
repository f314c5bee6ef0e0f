import { MetricsError } from './errors';

/**
 * The number of classes that are more probable than this one; on ties, the lower class comes first.
 *
 * @param start index where the example's probabilities start
 * @throws MetricsError `NON_FINITE` for a NaN
 */
export function rankOfClass(
  caller: string,
  posterior: ArrayLike<number>,
  start: number,
  classes: number,
  label: number,
): number {
  const own = posterior[start + label] as number;
  let before = 0;
  for (let c = 0; c < classes; c++) {
    const other = posterior[start + c] as number;
    if (other !== other) {
      throw new MetricsError('NON_FINITE', `${caller}: the posterior at ${start + c} is NaN.`);
    }
    if (other > own || (other === own && c < label)) before++;
  }
  return before;
}

/** Returns a label that is a class. @throws MetricsError `INVALID_LABEL` */
export function checkLabel(caller: string, label: number, classes: number, position: number): number {
  if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
    throw new MetricsError(
      'INVALID_LABEL',
      `${caller}: expected labels to be integers in [0, ${classes}), got ${label} at ${position}.`,
    );
  }
  return label;
}
