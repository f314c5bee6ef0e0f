import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import * as util from 'node:util';
import { compileFunction } from 'node:vm';

import { TaggerError } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { TfjsNodeBinding } from './addon';

/** The backend of tfjs-node. */
export interface TfjsNodeBackend extends tf.KernelBackend {
  readonly binding: TfjsNodeBinding;
  /** Where each tensor's data is. */
  readonly tensorMap: tf.DataStorage<{ shape: number[]; dtype: number; id: number; values: unknown; refCount: number }>;
  /** The ids of tensors in TensorFlow, which it makes from their values if necessary. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  /** A tensor for the output of a TensorFlow operation. */
  createOutputTensor(metadata: { id: number; shape: number[]; dtype: number }): tf.Tensor;
}

type Exports = Record<string, unknown>;

/**
 * Loads the backend of tfjs-node from the folder of its package, and registers its kernels (for the backend name
 * `tensorflow`) with the copy of tfjs-core that this package uses. It does not load the package's entry point, which looks for
 * a binding built by its install script, and sets the backend by itself.
 *
 * The files stay unchanged. Their `require` gets this tfjs-core for `@tensorflow/tfjs`, so that the process has one copy, and a
 * `util` with the functions that Node removed in version 23, which they call.
 */
export function loadTfjsNode(folder: string): new (binding: TfjsNodeBinding, packageName: string) => TfjsNodeBackend {
  const nodeRequire = createRequire(join(folder, 'package.json'));
  const modules = new Map<string, { exports: Exports }>();
  const answers: Record<string, unknown> = {
    '@tensorflow/tfjs': tf,
    '@tensorflow/tfjs-core': tf,
    util: {
      ...util,
      isNullOrUndefined: (value: unknown) => value === null || value === undefined,
      isArray: Array.isArray,
    },
    // Messages for TensorBoard only; they would load google-protobuf.
    './proto/api_pb': new Proxy({}, { get: refuseSummaries }),
  };

  const load = (file: string): Exports => {
    const known = modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Exports };
    modules.set(file, module);
    const requireFrom = (id: string): unknown => {
      if (id in answers) return answers[id];
      if (!id.startsWith('.')) return nodeRequire(id);
      const path = resolve(dirname(file), id);
      return load(path.endsWith('.js') ? path : `${path}.js`);
    };
    const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
    const run = compileFunction(readFileSync(file, 'utf8'), parameters, { filename: file });
    run(module.exports, requireFrom, module, file, dirname(file));
    return module.exports;
  };

  load(join(folder, 'dist', 'register_all_kernels.js'));
  const { NodeJSKernelBackend } = load(join(folder, 'dist', 'nodejs_kernel_backend.js'));
  return NodeJSKernelBackend as ReturnType<typeof loadTfjsNode>;
}

function refuseSummaries(): never {
  throw new TaggerError(
    'NO_BACKEND',
    "backend-tensorflow does not support TensorBoard's histograms. Use @tensorflow/tfjs-node for those.",
  );
}
