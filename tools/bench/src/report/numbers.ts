/** Numbers for people: three significant digits, all digits before the point. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 9));
}

/** A share as a whole number of percent. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(100 * share)} %` : '–';
}

/** The present items of a list with gaps. */
export function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null);
}
