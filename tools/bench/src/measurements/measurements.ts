import { WARM_UP } from '../contestants/interleave';
import { describeSettings } from '../step-settings';
import { growth } from './growth';
import type { Measurement, Run } from './measurement';
import { operations } from './operations';
import { products } from './products';
import { profile } from './profile';
import { inference, steps } from './steps';

/** By name. Each renders only its own runs. */
export const MEASUREMENTS = { steps, operations, products, profile, growth, inference } as unknown as Readonly<
  Record<string, Measurement<unknown>>
>;

/** Renders a run as a section of a document. */
export function renderRun(run: Run): string {
  const { title, section } = MEASUREMENTS[run.command] as Measurement<unknown>;
  return (
    `## ${title}: ${describeSettings(run.settings)}\n\n${section(run)}\n` +
    `_Medians of ${run.rounds} interleaved rounds after ${WARM_UP} warm-up rounds; machine load before the run: ` +
    `${run.machine.load}._\n`
  );
}
