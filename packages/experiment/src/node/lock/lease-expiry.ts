import { setTimeout as sleep } from 'node:timers/promises';

/** The clock of an observer. */
export interface Clock {
  /** Milliseconds since some moment, never going back. */
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

/** Number of times that an observer looks at a lease before it regards it as expired. */
const LOOKS = 60;

/**
 * Observes a lease until its file has another name, or has kept its name for the whole length of the lease.
 *
 * This needs no common clock: an observer measures with its own monotonic clock how long the name has not changed. A long gap
 * between two looks counts as short, because it may be that the file system or the whole machine stood still, and with it the
 * holder.
 *
 * @param look reads the names of the leases
 * @param name the lease's name at first
 * @param lease length of the lease in milliseconds
 * @returns whether it has expired
 */
export async function hasExpired(
  look: () => Promise<readonly string[]>,
  name: string,
  lease: number,
  clock: Clock = { now: () => performance.now(), sleep },
): Promise<boolean> {
  const interval = lease / LOOKS;
  let unchanged = 0;
  for (let last = clock.now(); unchanged < lease;) {
    await clock.sleep(interval);
    if (!(await look()).includes(name)) return false;
    const now = clock.now();
    unchanged += Math.min(now - last, 2 * interval);
    last = now;
  }
  return true;
}
