import { median } from '../median';

/** The minimum number of calls, */
const CALLS = 5;
/** and the minimum time. */
const MILLISECONDS = 60;

/** The median time of a short action, in milliseconds, after one call that does not count. */
export async function repeat(action: () => unknown): Promise<number> {
  await action();
  const times: number[] = [];
  for (let sum = 0; times.length < CALLS || sum < MILLISECONDS; sum += times.at(-1) as number) {
    const started = performance.now();
    const result = action();
    if (result instanceof Promise) await result;
    times.push(performance.now() - started);
  }
  return median(times);
}
