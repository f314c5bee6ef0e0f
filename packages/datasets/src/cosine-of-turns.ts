/**
 * cos(2 pi t) of an angle in turns, to about 1e-15, using only arithmetic and rounding. `Math.cos` differs between engines
 * in its last bits, but the same seed must give the same images everywhere.
 *
 * @param turns any finite number; 1 is a full turn
 */
export function cosineOfTurns(turns: number): number {
  // To [0, 1/2], by period and symmetry; then to [0, 1/4], where the series converges fast.
  const t = Math.abs(turns - Math.round(turns));
  return t > 0.25 ? -series(0.5 - t) : series(t);
}

/** The Taylor series of cos(2 pi t) for t in [0, 1/4]; its last term is below 1e-19 there. */
function series(t: number): number {
  const square = (2 * Math.PI * t) * (2 * Math.PI * t); // prettier-ignore
  let sum = 1;
  for (let n = 22; n > 0; n -= 2) sum = 1 - (square / (n * (n - 1))) * sum;
  return sum;
}
