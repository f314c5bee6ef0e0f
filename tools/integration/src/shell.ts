import { execFile } from 'node:child_process';

/** What a command printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link run} and {@link npm}. */
export interface RunOptions {
  readonly cwd: string;
  /** @default 120 */
  readonly seconds?: number;
  /** Variables in addition to those of a user's shell. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a command and waits for it; nothing is read from the terminal.
 *
 * @throws Error with everything that the command printed, where it fails or takes longer than `seconds`
 */
export function run(
  command: string,
  args: readonly string[],
  { cwd, seconds = 120, env = {}, shell = false }: RunOptions & { readonly shell?: boolean },
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      {
        cwd,
        shell,
        timeout: seconds * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: 1 << 26,
        env: { ...cleanEnvironment(), ...env },
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ stdout, stderr });
        const why = error.killed === true ? `was stopped after ${seconds} s` : `exited with ${error.code}`;
        reject(new Error(`${command} ${args.join(' ')}\n${why}\n${stdout}\n${stderr}`));
      },
    );
    child.stdin?.end();
  });
}

/** Runs npm, or npx. Windows starts them through a shell. */
export function npm(args: readonly string[], options: RunOptions, command: 'npm' | 'npx' = 'npm'): Promise<Output> {
  return run(command, args, { ...options, shell: process.platform === 'win32' });
}

/** The environment without what npm, Nx and jest add to it: what a user's shell has. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const own =
    /^(npm_(?!config_(cache|registry|userconfig|globalconfig|proxy|https_proxy|noproxy|cafile))|NX_|JEST_|NODE_ENV$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
