import { proxy, releaseProxy, wrap } from 'comlink';

import type { EngineCalls, TrainReport, TrainRequest } from './calls';

/** An engine in a worker of its own. Its calls are the engine's, all asynchronous. */
export type RemoteEngine = {
  [name in Exclude<keyof EngineCalls, 'stop'>]: EngineCalls[name];
} & {
  stop(): Promise<void>;
  /** Ends the worker. */
  end(): void;
};

/**
 * Starts a worker with an engine.
 *
 * @param onFailure called where the worker itself fails: its program cannot be loaded, say
 */
export function startEngine(onFailure: (message: string) => void): RemoteEngine {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module', name: 'tagger' });
  worker.onerror = (event) => onFailure(event.message || 'its program cannot be loaded');
  const engine = wrap<EngineCalls>(worker);
  return {
    hasWebgpu: () => engine.hasWebgpu(),
    setUp: (backend) => engine.setUp(backend),
    load: (source, kind) => engine.load(source, kind),
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
