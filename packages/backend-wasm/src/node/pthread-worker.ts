import { Worker } from 'node:worker_threads';

/** A message between emscripten and one of its threads. */
interface PthreadMessage {
  readonly cmd?: string;
  readonly [field: string]: unknown;
}

/**
 * Stands in for `Worker` while tfjs's threaded build starts. Its thread starts only when it gets something to run.
 *
 * Emscripten creates eight workers at once and waits until each has loaded, which takes 0.3 s and 150 MB however few threads
 * are requested. This class reports at once that it has loaded. It starts the thread, loads the module and runs it when
 * emscripten first runs something on it. The thread never keeps the process alive. It gets no `execArgv`, because it does not
 * need a loader of the application (`--import tsx`).
 */
export class PthreadWorker {
  /** Set by emscripten. */
  onmessage: ((event: { data: unknown }) => void) | undefined;
  /** Set by emscripten. */
  onerror: ((error: unknown) => void) | undefined;

  private load: PthreadMessage | undefined;
  private thread: Worker | undefined;

  /** @param source the source of the thread, as CommonJS */
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

  /** No-op: emscripten would register its own `onmessage` and `onerror`, which are called anyway. */
  on(): void {}

  /** No-op: emscripten would keep the process alive for a running thread. */
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
    // Must come last: adding a message listener refs the thread again.
    thread.unref();
    return thread;
  }
}
