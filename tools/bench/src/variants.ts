import type { WasmOptions } from '@taggerjs/backend-wasm';

import type { StepSettings } from './step-settings';
import { makeNaiveStep } from './variants/naive-step';
import { makeTaggerStep } from './variants/tagger-step';

/** Makes a step, or an inference, and resolves to its cost when the device is done. */
export type Step = () => Promise<number>;

/** A way to compute a step in TensorFlow.js. */
export interface Variant {
  readonly description: string;
  /** What the backend is set up with, beside the threads. */
  readonly options: WasmOptions;
  makeStep(settings: StepSettings): Step;
}

/** The ways to compute a step, by name. */
export const VARIANTS = {
  naive: { description: 'plain tfjs', options: { kernels: 'off' }, makeStep: makeNaiveStep },
  composed: { description: 'taggerjs without its kernels', options: { kernels: 'off' }, makeStep: makeTaggerStep },
  plain: { description: 'taggerjs, plain SIMD', options: { relaxedSimd: false }, makeStep: makeTaggerStep },
  relaxed: { description: 'taggerjs', options: {}, makeStep: makeTaggerStep },
  recomputed: {
    description: 'taggerjs, iterations computed again in the backward pass',
    options: {},
    makeStep: (settings: StepSettings) => makeTaggerStep(settings, { recompute: true }),
  },
} as const satisfies Record<string, Variant>;

export type VariantName = keyof typeof VARIANTS;
