import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The reply of a process to a request: JSON on one line, with at least these fields. */
export interface Reply {
  readonly milliseconds: number;
  readonly cost?: number;
  readonly peakRssMiB?: number | null;
  readonly wasmHeapMiB?: number | null;
}

/** A contestant that cannot take part. */
export class ContestantError extends Error {
  override readonly name = 'ContestantError';
}

/** How to start a process: a program with arguments, or a line for the shell. */
export type Command = { readonly program: string; readonly args: readonly string[] } | { readonly shell: string };

/** After the last request, a process has this long to end. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * A process with a line protocol. Its first line of JSON is `{"ready": "description"}`. Then it answers each line of
 * input with one line of JSON, and ends with its input. Other lines are printed.
 *
 * A program that only prints one line of JSON with `milliseconds` and ends works too: it starts again for every request.
 */
export class LineProcess {
  #child: ChildProcess | undefined;
  #ended: Promise<never> | undefined;
  #unread: Reply | undefined;
  #onLine: (line: string) => void = () => {};
  #description: string | undefined;

  private constructor(
    readonly name: string,
    private readonly command: Command,
  ) {}

  /** Resolves when the process is ready. */
  static async start(name: string, command: Command): Promise<LineProcess> {
    const process = new LineProcess(name, command);
    const first = await process.#spawn();
    if ('ready' in first) process.#description = String(first.ready);
    else process.#unread = first as Reply;
    return process;
  }

  /** Its description of itself. */
  get description(): string {
    return this.#description ?? ('shell' in this.command ? this.command.shell : this.name);
  }

  async ask(request: string): Promise<Reply> {
    const reply =
      this.#unread ?? ((await (this.#description === undefined ? this.#spawn() : this.#send(request))) as Reply);
    this.#unread = undefined;
    if (!(reply.milliseconds >= 0))
      throw new ContestantError(`${this.name}: no milliseconds in ${JSON.stringify(reply)}`);
    return reply;
  }

  /** Lets the process end by itself. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.stdin?.end();
    const impatience = setTimeout(() => child.kill(), PATIENCE_MILLISECONDS);
    await exit;
    clearTimeout(impatience);
  }

  async #spawn(): Promise<object> {
    const stdio = ['pipe', 'pipe', 'inherit'] as const;
    const { command } = this;
    const child =
      'shell' in command
        ? spawn(command.shell, { shell: true, stdio: [...stdio] })
        : spawn(command.program, command.args, { stdio: [...stdio] });
    this.#child = child;
    // A dead process is reported below, not by its pipe.
    child.stdin?.on('error', () => {});
    this.#ended = once(child, 'close').then(([code, signal]) => {
      throw new ContestantError(`${this.name} ended without an answer (${String(signal ?? `exit code ${code}`)})`);
    });
    this.#ended.catch(() => {});
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('{')) this.#onLine(line);
      else console.error(line);
    });
    return this.#next();
  }

  #send(request: string): Promise<object> {
    this.#child?.stdin?.write(`${request}\n`);
    return this.#next();
  }

  #next(): Promise<object> {
    const line = new Promise<object>((resolve) => {
      this.#onLine = (text) => resolve(JSON.parse(text) as object);
    });
    return Promise.race([line, this.#ended as Promise<never>]);
  }
}
