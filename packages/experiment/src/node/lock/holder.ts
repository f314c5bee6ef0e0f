import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

import { bootId, isRunning, processStart } from './process-start';

/** The process that holds a folder. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Start of the process, see `processStart`. */
  readonly start: string | null;
  /** Identifies the processes that can see each other: the same machine since the same boot, host name and PID namespace. */
  readonly machine: string;
  /** Time when it took the folder, in seconds since 1970. For people; nothing depends on it. */
  readonly since: number;
  /** Milliseconds without a renewal after which others may take the folder over. */
  readonly lease: number;
  /** Identifies the lease: 16 random hexadecimal digits. */
  readonly token: string;
}

/** This process as the holder of a new lease. */
export function newHolder(lease: number): Holder {
  return {
    host: hostname(),
    pid: process.pid,
    start: processStart(process.pid),
    machine: machine(),
    since: Math.floor(Date.now() / 1000),
    lease,
    token: randomBytes(8).toString('hex'),
  };
}

/** Whether a holder runs, `'unknown'` if its processes cannot be seen from here. */
export function stateOf({ pid, start, machine: where }: Holder): 'running' | 'ended' | 'unknown' {
  if (where !== machine()) return 'unknown';
  return isRunning(pid, start) ? 'running' : 'ended';
}

/** Equal for two processes only if they see the same processes under the same ids, started at the same times. */
function machine(): string {
  const namespaces = ['pid', 'time'].map((name) => {
    try {
      return readlinkSync(`/proc/self/ns/${name}`);
    } catch {
      return '';
    }
  });
  const identity = [hostname(), bootId(), ...namespaces].join('\n');
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}
