import { describeSetup as describeTensorflow, useTensorflow } from '@taggerjs/backend-tensorflow';
import { describeSetup as describeWasm, useWasm, type WasmOptions } from '@taggerjs/backend-wasm';
import { describeSetup as describeWebgpu, useWebgpu } from '@taggerjs/backend-webgpu';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

import type { Step } from './step';
import type { StepSettings } from './step-settings';
import { makeNaiveStep } from './variants/naive-step';
import { makeTaggerStep } from './variants/tagger-step';

/** A way to compute a step in TensorFlow.js. */
export interface Variant {
  readonly description: string;
  /** Sets the backend up; resolves to its description. */
  setUp(threads: number): Promise<string>;
  makeStep(settings: StepSettings): Step;
}

const wasm = (options: WasmOptions) => async (threads: number) => describeWasm(await useWasm({ ...options, threads }));

/** The ways to compute a step, by name. */
export const VARIANTS = {
  naive: { description: 'plain tfjs', setUp: wasm({ kernels: 'off' }), makeStep: makeNaiveStep },
  composed: { description: 'taggerjs without its kernels', setUp: wasm({ kernels: 'off' }), makeStep: makeTaggerStep },
  plain: { description: 'taggerjs, plain SIMD', setUp: wasm({ relaxedSimd: false }), makeStep: makeTaggerStep },
  relaxed: { description: 'taggerjs', setUp: wasm({}), makeStep: makeTaggerStep },
  recomputed: {
    description: 'taggerjs, with gradient checkpointing',
    setUp: wasm({}),
    makeStep: (settings: StepSettings) => makeTaggerStep(settings, { gradientCheckpointing: true }),
  },
  tensorflow: {
    description: 'taggerjs on TensorFlow',
    setUp: async (threads: number) => describeTensorflow(await useTensorflow({ threads })),
    makeStep: makeTaggerStep,
  },
  webgpu: {
    description: 'taggerjs on WebGPU',
    setUp: async () => describeWebgpu(await useWebgpu({ allowSoftware: true })),
    makeStep: makeTaggerStep,
  },
  cpu: {
    description: 'taggerjs in plain JavaScript',
    setUp: async () => {
      await tf.setBackend('cpu');
      return "TensorFlow.js's backend `cpu`";
    },
    makeStep: makeTaggerStep,
  },
} as const satisfies Record<string, Variant>;

export type VariantName = keyof typeof VARIANTS;
