import { median } from '../median';

/** At least so many calls, */
const CALLS = 5;
/** and for at least so long. */
const MILLISECONDS = 60;

/** The median time of a short action, in milliseconds, after one call that does not count. */
export function repeat(action: () => void): number {
  action();
  const times: number[] = [];
  for (let sum = 0; times.length < CALLS || sum < MILLISECONDS;) {
    const started = performance.now();
    action();
    const time = performance.now() - started;
    times.push(time);
    sum += time;
  }
  return median(times);
}
