import { median } from '../median';

/** The minimum number of calls, */
const CALLS = 5;
/** and the minimum time. */
const MILLISECONDS = 60;

/** The median time of a short action, in milliseconds, after one call that does not count. */
export function repeat(action: () => void): number {
  action();
  const times: number[] = [];
  for (let sum = 0; isTooFew(times, sum);) {
    const started = performance.now();
    action();
    sum += add(times, performance.now() - started);
  }
  return median(times);
}

/** The same for an asynchronous action. */
export async function repeatAsync(action: () => Promise<unknown>): Promise<number> {
  await action();
  const times: number[] = [];
  for (let sum = 0; isTooFew(times, sum);) {
    const started = performance.now();
    await action();
    sum += add(times, performance.now() - started);
  }
  return median(times);
}

function isTooFew(times: readonly number[], sum: number): boolean {
  return times.length < CALLS || sum < MILLISECONDS;
}

function add(times: number[], time: number): number {
  times.push(time);
  return time;
}
