/** A message between emscripten and one of its threads. */
interface PthreadMessage {
  readonly cmd?: string;
  readonly [field: string]: unknown;
}

/**
 * Stands in for `Worker` while tfjs's threaded build starts. Emscripten creates eight workers at once, before it has the
 * binary, and waits until each has loaded it. This class starts a real worker only when there is something to load, so that
 * none is left over if the binary is missing. If tfjs computes on one thread, it starts a worker only when something runs on
 * it.
 */
export class PthreadWorker {
  /** Set by emscripten. */
  onmessage: ((event: { data: unknown }) => void) | undefined;
  /** Set by emscripten. */
  onerror: ((event: ErrorEvent) => void) | undefined;

  private load: PthreadMessage | undefined;
  private worker: Worker | undefined;

  /**
   * @param url the source of the worker
   * @param idle whether the worker is not expected to run anything
   */
  constructor(
    private readonly url: string,
    private readonly idle: boolean,
  ) {}

  postMessage(message: PthreadMessage): void {
    if (message.cmd === 'load' && this.idle) {
      this.load = message;
      queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
      return;
    }
    this.worker ??= this.start();
    this.worker.postMessage(message);
  }

  terminate(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  private start(): Worker {
    const worker = new Worker(this.url, { name: 'tfjs-wasm' });
    worker.onmessage = (event: MessageEvent<PthreadMessage>) => {
      if (this.load === undefined || event.data.cmd !== 'loaded') this.onmessage?.(event);
    };
    worker.onerror = (event) => this.onerror?.(event);
    if (this.load !== undefined) worker.postMessage(this.load);
    return worker;
  }
}
