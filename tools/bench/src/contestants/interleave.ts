import { setTimeout as wait } from 'node:timers/promises';

import type { Reply } from './line-process';

/** Anything that answers requests. */
export interface Contestant {
  ask(request: string): Promise<Reply>;
}

/** The number of rounds. */
export interface Rounds {
  /** Rounds that count. */
  readonly rounds: number;
  /** Warm-up rounds, which compile and allocate, and do not count. */
  readonly warmUp: number;
}

/** A contestant that takes this many times as long as the fastest does not take part in every round, */
const SLOW = 5;
/** but only in one of this many. */
const SLOW_EVERY = 3;

/** Threads that spin after their work go to sleep within this time. */
const PAUSE_MILLISECONDS = 20;

/**
 * Asks contestants in turn, round by round, so that other load on the machine affects all of them.
 *
 * @returns for each contestant its replies by round, null if it did not take part
 */
export async function interleave<T extends Reply = Reply>(
  contestants: readonly Contestant[],
  request: string,
  { rounds, warmUp }: Rounds,
): Promise<(T | null)[][]> {
  const ask = async (contestant: Contestant) => {
    const reply = await contestant.ask(request);
    await wait(PAUSE_MILLISECONDS);
    return reply as T;
  };
  let warmed: T[] = [];
  for (let round = 0; round < warmUp; round++) {
    warmed = [];
    for (const contestant of contestants) warmed.push(await ask(contestant));
  }
  const times = warmed.map(({ milliseconds }) => milliseconds);
  const isSlow = contestants.map((_, i) => (times[i] ?? 0) > SLOW * Math.min(...times));

  const replies: (T | null)[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      replies[i]?.push(isSlow[i] && round % SLOW_EVERY !== 0 ? null : await ask(contestant));
    }
  }
  return replies;
}
