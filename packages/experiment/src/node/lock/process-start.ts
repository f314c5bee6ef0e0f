import { readFileSync, readlinkSync } from 'node:fs';

/** Start time of a process in clock ticks since boot; `'ended'` if it has ended; null if unknown, as on systems without /proc. */
export function processStart(pid: number): string | 'ended' | null {
  try {
    // In a container, /proc may show the processes of the host, which have other ids.
    if (readlinkSync('/proc/self') !== String(process.pid)) return null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, a name in parentheses, may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Killed, but not yet reaped by its parent.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

/** Random id of the boot of this machine; empty if unknown. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Whether a process runs that started at `start`, null if unknown: process ids are used again. */
export function isRunning(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = processStart(pid);
  return now !== 'ended' && (start === null || now === null || start === now);
}
