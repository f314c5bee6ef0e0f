import type { StepRunner, StepSettings } from './step-settings';
import { naive } from './variants/naive';
import { taggerjs } from './variants/taggerjs';

/** The ways to make a step, by name. */
export const VARIANTS: Readonly<Record<string, (settings: StepSettings) => Promise<StepRunner>>> = {
  naive,
  taggerjs: (settings) => taggerjs(settings),
};
