/** How far a result may be from the expected one: `max |error| <= relative * max |expected| + absolute`. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** The golden vectors' tolerance for values. */
export const VALUE_TOLERANCE: Tolerance = { relative: 1e-4, absolute: 1e-6 };

/** The golden vectors' tolerance for gradients. */
export const GRADIENT_TOLERANCE: Tolerance = { relative: 1e-3, absolute: 1e-6 };

/** Fails unless every number is finite where the expected one is, and the largest error is within the tolerance. */
export function expectAllClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative, absolute }: Tolerance = VALUE_TOLERANCE,
  name = 'values',
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${name}: expected ${expected.length} numbers, got ${actual.length}`);
  }
  let largest = 0;
  let scale = 0;
  let where = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((actual[i] as number) - (expected[i] as number));
    if (Number.isNaN(error)) throw new Error(`${name}[${i}]: expected ${expected[i]}, got ${actual[i]}`);
    scale = Math.max(scale, Math.abs(expected[i] as number));
    if (error > largest) [largest, where] = [error, i];
  }
  const allowed = relative * scale + absolute;
  if (!(largest <= allowed)) {
    throw new Error(
      `${name}[${where}]: expected ${expected[where]}, got ${actual[where]}; ` +
        `off by ${largest.toExponential(2)}, allowed ${allowed.toExponential(2)}`,
    );
  }
}
