import { readFileSync } from 'node:fs';

/** MiB of the largest resident set of this process so far. */
export function peakRssMiB(): number {
  try {
    // Node's maxRSS counts the parent's pages at the fork, too.
    const line = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line !== null) return Number(line[1]) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}
