// The command as users run it: in its own process, on the built package.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The program that users start. */
export const BIN = resolve(__dirname, '../../bin/tagger.js');

/** The result of a command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `tagger` in a folder. Options set environment variables, another Node executable, and the contents of standard input.
 */
export function runTagger(
  folder: string,
  args: readonly string[],
  {
    input,
    env = {},
    node = process.execPath,
  }: { readonly input?: Uint8Array; readonly env?: NodeJS.ProcessEnv; readonly node?: string } = {},
): Promise<CommandResult> {
  const child = spawn(node, [BIN, ...args], {
    cwd: folder,
    env: { ...environment(), ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  child.stdin.on('error', () => undefined); // a command that fails before it reads
  child.stdin.end(input ?? '');
  return new Promise((done) => child.on('close', (code) => done({ code: code ?? -1, stdout, stderr })));
}

/** The environment of a command under test: without colors, and as if a shell had started it. */
export function environment(): NodeJS.ProcessEnv {
  const { npm_execpath: _npm, ...env } = process.env;
  return { ...env, NO_COLOR: '1' };
}
