import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A `tagger` command in a process of its own. */
export interface RunProcess {
  /** Its exit code; 1 where it was killed. */
  readonly exitCode: Promise<number>;
  /** Sends a signal to it. */
  signal(name: 'SIGINT' | 'SIGTERM'): void;
}

/** The program that users start, wherever this package lies. */
function program(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@taggerjs/cli/package.json')), 'bin', 'tagger.js');
}

/** Runs a `tagger` command; what it prints is added to a log file. */
export async function startRun(args: readonly string[], log: string): Promise<RunProcess> {
  const file = await open(log, 'a');
  let child: ChildProcess;
  try {
    // In a process group of its own: Ctrl-C in the terminal must reach it once, from here, and not twice.
    child = spawn(process.execPath, [program(), ...args], { stdio: ['ignore', file.fd, file.fd], detached: true });
  } finally {
    await file.close();
  }
  return {
    exitCode: new Promise((done) => {
      child.on('error', () => done(1));
      child.on('close', (code) => done(code ?? 1));
    }),
    signal: (name) => void child.kill(name),
  };
}
