import { setTimeout as wait } from 'node:timers/promises';

import type { Reply } from './line-process';

/** Anything that answers requests. */
export interface Contestant {
  ask(request: string): Promise<Reply>;
}

/** Rounds that do not count: the first calls compile and allocate. */
export const WARM_UP = 2;

/** A contestant that takes this many times as long as the fastest skips rounds in proportion, */
const SLOW = 5;
/** but takes part in at least this many. */
const FEWEST = 3;

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
  rounds: number,
): Promise<(T | null)[][]> {
  const replies: (T | null)[][] = contestants.map(() => []);
  let times: number[] = contestants.map(() => 0);
  for (let round = -WARM_UP; round < rounds; round++) {
    const fastest = Math.min(...times);
    const asked: number[] = [];
    for (const [i, contestant] of contestants.entries()) {
      const slowness = Math.floor((times[i] as number) / fastest / SLOW) || 1;
      const every = Math.max(1, Math.min(slowness, Math.floor(rounds / FEWEST)));
      if (round >= 0 && round % every !== 0) {
        replies[i]?.push(null);
        continue;
      }
      const reply = (await contestant.ask(request)) as T;
      await wait(PAUSE_MILLISECONDS);
      asked.push(reply.milliseconds);
      if (round >= 0) replies[i]?.push(reply);
    }
    if (round < 0) times = asked;
  }
  return replies;
}
