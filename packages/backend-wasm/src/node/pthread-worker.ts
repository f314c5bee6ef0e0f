import { Worker } from 'node:worker_threads';

/** A message between emscripten and a thread of its own. */
interface PthreadMessage {
  readonly cmd?: string;
  readonly [field: string]: unknown;
}

/**
 * What emscripten takes for a `Worker` while tfjs's threaded build starts: a thread that begins when it gets something
 * to run.
 *
 * emscripten makes eight workers at once and waits until each has loaded, 0.3 s and 150 MB, however few threads are
 * asked for. Here each says at once that it has loaded, and the thread is started, told to load and told to run when
 * emscripten first runs something on it. Such a thread never keeps the process alive, and gets no `execArgv`: a loader
 * of the application (`--import tsx`) has no business in it.
 */
export class PthreadWorker {
  /** Set by emscripten. */
  onmessage: ((event: { data: unknown }) => void) | undefined;
  /** Set by emscripten. */
  onerror: ((error: unknown) => void) | undefined;

  private load: PthreadMessage | undefined;
  private thread: Worker | undefined;

  /** @param source the program of the thread, as CommonJS */
  constructor(private readonly source: string) {}

  postMessage(message: PthreadMessage): void {
    if (message.cmd === 'load') {
      this.load = message;
      queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
    } else {
      this.thread ??= this.start();
      this.thread.postMessage(message);
    }
  }

  /** emscripten would have its own `onmessage` and `onerror` called; they are called anyway. */
  on(): void {}

  /** emscripten would keep the process alive for a running thread. */
  ref(): void {}

  unref(): void {}

  async terminate(): Promise<void> {
    await this.thread?.terminate();
    this.thread = undefined;
  }

  private start(): Worker {
    const thread = new Worker(this.source, { eval: true, execArgv: [], name: 'tfjs-wasm' });
    thread.on('message', (data: PthreadMessage) => {
      if (data.cmd !== 'loaded') this.onmessage?.({ data });
    });
    thread.on('error', (error) => this.onerror?.(error));
    thread.postMessage(this.load);
    // Last: a listener for messages takes the reference again.
    thread.unref();
    return thread;
  }
}
