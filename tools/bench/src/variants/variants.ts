import { describeSetup, useWasm } from '@taggerjs/backend-wasm';
import { useBackend, type BackendName, type BackendOptions } from '@taggerjs/backends';

import type { StepSettings } from '../step-settings';
import { makeBoundStep } from './bound-step';
import { makeNaiveStep } from './naive-step';
import { makeRunStep } from './run-step';
import type { Step } from './step';
import { makeTaggerStep } from './tagger-step';

/** A way to compute a step in TensorFlow.js. */
export interface VariantSetup {
  /** Sets the backend up; resolves to its description. */
  setUp(threads: number): Promise<string>;
  makeStep(settings: StepSettings, threads: number): Step | Promise<Step>;
}

const makeStep = (settings: StepSettings) => makeTaggerStep(settings);

const on =
  (name: BackendName, options: BackendOptions = {}) =>
  async (threads: number) =>
    (await useBackend(name, { threads, ...options })).description;

/** The ways to compute a step, by name. docs/performance.md explains them. */
export const VARIANTS: Readonly<Record<string, VariantSetup>> = {
  relaxed: { setUp: on('wasm'), makeStep },
  run: { setUp: on('wasm'), makeStep: makeRunStep },
  plain: {
    setUp: async (threads) => describeSetup(await useWasm({ threads, relaxedSimd: false })),
    makeStep,
  },
  recomputed: {
    setUp: on('wasm'),
    makeStep: (settings) => makeTaggerStep(settings, { gradientCheckpointing: true }),
  },
  composed: { setUp: on('wasm', { kernels: 'off' }), makeStep },
  naive: { setUp: on('wasm', { kernels: 'off' }), makeStep: makeNaiveStep },
  tensorflow: { setUp: on('tensorflow'), makeStep },
  'tensorflow-bfloat16': { setUp: on('tensorflow', { precision: 'bfloat16' }), makeStep },
  webgpu: { setUp: on('webgpu'), makeStep },
  cpu: { setUp: on('cpu'), makeStep },
  bound: {
    setUp: async () => {
      await useBackend('cpu');
      return 'what WebAssembly cannot beat: the products at the peak of multiply-adds; in inference, reading the weights';
    },
    makeStep: makeBoundStep,
  },
};
