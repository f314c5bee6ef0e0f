// Daemons that tests start and end. Each has a file NAME.pid with its process id.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Runs a command, and returns what it prints. @throws Error with its error output if it fails */
export function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed: ${error?.message ?? (stderr || stdout)}`);
  return stdout;
}

/** Asks twice a second whether something is up. @throws Error with the message if it is not in time */
export function waitUntil(isUp, seconds, message) {
  for (let tries = 0; tries < 2 * seconds; tries++) {
    if (isUp()) return;
    spawnSync('sleep', ['0.5']);
  }
  throw new Error(message);
}

/** Ends a daemon, and waits until it is gone. `word` is part of its command. */
export function endDaemon(pidFile, word) {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  try {
    // The process id may be in use again.
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)) return;
    process.kill(pid, 'SIGTERM');
    for (let tries = 0; tries < 100 && existsSync(`/proc/${pid}`); tries++) spawnSync('sleep', ['0.1']);
  } catch {
    // It has ended.
  }
}
