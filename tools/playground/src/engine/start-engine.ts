import { proxy, releaseProxy, wrap } from 'comlink';

import type { EngineCalls, TrainReport, TrainRequest } from './calls';

/** An engine in a separate worker. All calls are asynchronous. */
export type RemoteEngine = {
  [name in Exclude<keyof EngineCalls, 'stop'>]: EngineCalls[name];
} & {
  stop(): Promise<void>;
  /** Terminates the worker. */
  end(): void;
};

/**
 * Starts an engine in a worker.
 *
 * @param onFailure called if the worker itself fails, for example because its script cannot be loaded
 */
export function startEngine(onFailure: (message: string) => void): RemoteEngine {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module', name: 'tagger' });
  worker.onerror = (event) => onFailure(event.message || 'The worker cannot be loaded. Reload the page.');
  const engine = wrap<EngineCalls>(worker);
  return {
    hasWebgpu: () => engine.hasWebgpu(),
    setUp: (backend) => engine.setUp(backend),
    load: (weights, kind) => engine.load(weights, kind),
    group: (request) => engine.group(request),
    train: (request: TrainRequest, report: (report: TrainReport) => void) => engine.train(request, proxy(report)),
    stop: () => engine.stop(),
    save: () => engine.save(),
    end: () => {
      engine[releaseProxy]();
      worker.terminate();
    },
  };
}
