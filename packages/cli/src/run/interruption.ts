import { EXIT_CODES } from '../errors';

/** Turns the first Ctrl-C or SIGTERM, or the end of the process that trains a sweep, into an abort signal. */
export interface Interruption {
  /** Aborted by the first signal, or the end of the parent. */
  readonly signal: AbortSignal;
  /** The exit code for the signal; undefined without one. */
  readonly exitCode: number | undefined;
  /** Starts listening. */
  listen(): void;
  /** Stops listening. */
  stop(): void;
}

/**
 * Creates an interruption: the first signal aborts, and the second one ends the process at once. A process that was started
 * with an IPC channel also aborts when the channel closes: its parent has ended, even if it was killed.
 *
 * @param onFirst called on the first signal
 */
export function createInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const abort = (code: number) => {
    if (controller.signal.aborted) process.exit(code);
    exitCode = code;
    controller.abort();
    onFirst();
  };
  const onInterrupt = () => abort(EXIT_CODES.interrupted);
  const onTerminate = () => abort(EXIT_CODES.terminated);
  const onOrphaned = () => {
    if (!controller.signal.aborted) abort(EXIT_CODES.terminated);
  };
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    listen() {
      process.on('SIGINT', onInterrupt);
      process.on('SIGTERM', onTerminate);
      process.on('disconnect', onOrphaned);
      // The parent has ended already.
      if (process.send !== undefined && !process.connected) onOrphaned();
    },
    stop() {
      process.removeListener('SIGINT', onInterrupt);
      process.removeListener('SIGTERM', onTerminate);
      process.removeListener('disconnect', onOrphaned);
    },
  };
}
