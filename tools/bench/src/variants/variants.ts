import { useWasm } from '@taggerjs/backend-wasm';
import { useBackend, type BackendName } from '@taggerjs/backends';

import type { StepSettings } from '../step-settings';
import { makeNaiveStep } from './naive-step';
import { makeRunStep } from './run-step';
import { makeTaggerStep } from './tagger-step';

/** Computes a training step or an inference, and resolves to its cost when the device is done. */
export type Step = () => Promise<number>;

/** A way to compute a step in TensorFlow.js. */
export interface VariantSetup {
  /** Sets the backend up; resolves to its description. */
  setUp(threads: number): Promise<string>;
  makeStep(settings: StepSettings): Step;
}

const on = (name: BackendName, kernels?: 'off') => async (threads: number) =>
  (await useBackend(name, { threads, ...(kernels && { kernels }) })).description;

/** The ways to compute a step, by name. docs/performance.md explains them. */
export const VARIANTS: Readonly<Record<string, VariantSetup>> = {
  relaxed: { setUp: on('wasm'), makeStep: makeTaggerStep },
  run: { setUp: on('wasm'), makeStep: makeRunStep },
  plain: {
    setUp: async (threads) => {
      const { kernels } = await useWasm({ threads, relaxedSimd: false });
      return `WebAssembly SIMD without relaxed SIMD, ${threads} threads, ${kernels.length} kernels of its own`;
    },
    makeStep: makeTaggerStep,
  },
  recomputed: {
    setUp: on('wasm'),
    makeStep: (settings) => makeTaggerStep(settings, { gradientCheckpointing: true }),
  },
  composed: { setUp: on('wasm', 'off'), makeStep: makeTaggerStep },
  naive: { setUp: on('wasm', 'off'), makeStep: makeNaiveStep },
  tensorflow: { setUp: on('tensorflow'), makeStep: makeTaggerStep },
  webgpu: { setUp: on('webgpu'), makeStep: makeTaggerStep },
  cpu: { setUp: on('cpu'), makeStep: makeTaggerStep },
};
