import { availableParallelism, cpus, totalmem } from 'node:os';

import { version_core as tfjsVersion } from '@tensorflow/tfjs-core';

import type { BackendDescription } from './run/run-config';
import { version } from './version';

/** Versions, machine and backend, for `config.json`. */
export function environment(backend: BackendDescription): Readonly<Record<string, unknown>> {
  return {
    taggerjs: version(),
    node: process.version,
    tfjs: tfjsVersion,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    backend: backend.name,
    backendSetup: backend.description,
    threads: backend.threads,
    precision: backend.precision ?? 'float32',
  };
}
