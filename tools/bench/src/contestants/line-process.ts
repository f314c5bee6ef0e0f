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

/** A variant that cannot take part. */
export class ContestantError extends Error {
  override readonly name = 'ContestantError';

  constructor(
    /** `ENDED`: the process ended; `NO_TIME`: a reply has no `milliseconds`. */
    readonly code: 'ENDED' | 'NO_TIME',
    message: string,
  ) {
    super(message);
  }
}

/** After the last request, a process has this long to end. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * A process with a line protocol. Its first line of JSON is `{"ready": "description"}`. Then it answers each line of
 * input with one line of JSON, and ends with its input. Other lines are printed.
 */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  /** Its description of itself. */
  description = '';

  private constructor(
    readonly name: string,
    program: string,
    args: readonly string[],
  ) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    // Reported when its output ends.
    this.#child.on('error', (error) => console.error(error.message)).stdin?.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  /** Resolves when the process is ready. */
  static async start(name: string, program: string, args: readonly string[]): Promise<LineProcess> {
    const process = new LineProcess(name, program, args);
    const { ready } = (await process.#next()) as { ready?: string };
    process.description = ready ?? name;
    return process;
  }

  async ask(request: string): Promise<Reply> {
    this.#child.stdin?.write(`${request}\n`);
    const reply = (await this.#next()) as Reply;
    if (reply.milliseconds >= 0) return reply;
    throw new ContestantError('NO_TIME', `${this.name}: no milliseconds in ${JSON.stringify(reply)}`);
  }

  /** Lets the process end by itself. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.stdin?.end();
    const impatience = setTimeout(() => child.kill(), PATIENCE_MILLISECONDS);
    await exit;
    clearTimeout(impatience);
  }

  async #next(): Promise<object> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) throw new ContestantError('ENDED', `${this.name} ended without an answer; see above.`);
      if (value.startsWith('{')) return JSON.parse(value) as object;
      console.error(value);
    }
  }
}
