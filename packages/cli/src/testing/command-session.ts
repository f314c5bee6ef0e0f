// Runs many commands in one process, because starting a process takes longer than most commands.
import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { environment, type CommandResult } from './command';

/** The built package, which `bin/tagger.js` runs. */
const PACKAGE = pathToFileURL(resolve(__dirname, '../../dist/index.js')).href;

/** Runs each command line that it receives with the built package's `main`, and sends the result. */
const PROGRAM = `
  import { Writable } from 'node:stream';
  import { main } from '${PACKAGE}';

  const collect = (chunks) => new Writable({ write: (chunk, _, done) => (chunks.push(String(chunk)), done()) });
  process.on('message', async (args) => {
    const [out, err] = [[], []];
    const code = await main(args, { stdout: collect(out), stderr: collect(err) });
    process.send({ code, stdout: out.join(''), stderr: err.join('') });
  });
`;

/** The error that a command prints with `--json`. */
export interface CommandFailure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

/** A process that runs commands one after the other, in one folder and with an empty standard input. */
export interface CommandSession {
  /** Runs `tagger`. If the process dies or takes too long, the code is -1, and the next command starts another process. */
  tagger(...args: readonly string[]): Promise<CommandResult>;
  /** Runs `tagger` with `--json`, and returns its error; undefined if it succeeds. */
  failure(...args: readonly string[]): Promise<CommandFailure | undefined>;
  /** Ends the process. */
  close(): Promise<void>;
}

/**
 * Opens a session.
 *
 * @param folder the working folder, which may be created later
 * @param timeout milliseconds after which a command is killed
 */
export function openSession(folder: () => string, { timeout = 120_000 } = {}): CommandSession {
  let child: ChildProcess | undefined;
  let stderr = '';
  const start = () => {
    const started = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
      cwd: folder(),
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    started.stderr!.on('data', (chunk) => (stderr += String(chunk)));
    return started;
  };
  const run = async (args: readonly string[]): Promise<CommandResult> => {
    const process = (child ??= start());
    stderr = '';
    const timer = setTimeout(() => process.kill('SIGKILL'), timeout);
    const result = await new Promise<CommandResult>((done) => {
      const onClose = () => {
        child = undefined;
        done({ code: -1, stdout: '', stderr: '' });
      };
      process.once('close', onClose);
      process.once('message', (message) => {
        process.removeListener('close', onClose);
        done(message as CommandResult);
      });
      process.send(args);
    });
    clearTimeout(timer);
    // What was not written through the streams of the command.
    return { ...result, stderr: result.stderr + stderr };
  };
  let previous: Promise<unknown> = Promise.resolve();
  const tagger = (...args: readonly string[]) => {
    const result = previous.then(() => run(args));
    previous = result;
    return result;
  };
  return {
    tagger,
    async failure(...args) {
      const { code, stdout } = await tagger(...args, '--json');
      const { error } = JSON.parse(stdout || '{}') as { readonly error?: CommandFailure };
      // The process ends as the JSON says.
      return error && { ...error, exitCode: code };
    },
    async close() {
      await previous;
      child?.kill();
    },
  };
}
