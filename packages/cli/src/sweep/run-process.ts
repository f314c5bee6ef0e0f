import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

/** A `tagger` command in its own process. */
export interface RunProcess {
  /** Its exit code, as a shell gives it: 128 and the number of the signal if it was killed, 1 if it could not be started. */
  readonly exitCode: Promise<number>;
  /** Sends it a signal. */
  signal(name: 'SIGINT' | 'SIGTERM'): void;
}

/** Path of the program that users start. */
export function program(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@taggerjs/cli/package.json')), 'bin', 'tagger.js');
}

/**
 * Runs a `tagger` command and appends its output to a log file. A training saves and ends if this process ends before it, even if
 * this process is killed.
 */
export async function startRun(args: readonly string[], log: string): Promise<RunProcess> {
  const file = await open(log, 'a');
  let child: ChildProcess;
  try {
    // In its own process group. Otherwise it would receive Ctrl-C twice: from the terminal and from here.
    // The IPC channel closes when this process ends.
    const stdio = ['ignore', file.fd, file.fd, 'ipc'] as const;
    child = spawn(process.execPath, [program(), ...args], { stdio: [...stdio], detached: true });
  } finally {
    await file.close();
  }
  return {
    exitCode: new Promise((done) => {
      child.on('error', () => done(1));
      child.on('close', (code, signal) => done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    }),
    signal: (name) => void child.kill(name),
  };
}
