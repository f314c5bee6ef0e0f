import type { Variant } from '../contestants/start-variant';
import type { Machine } from '../machine';
import type { StepSettings } from '../step-settings';

/** The choices of a command line. */
export interface Conditions {
  readonly variants: readonly Variant[];
  readonly settings: StepSettings;
  /** Rounds that count. */
  readonly rounds: number;
}

/** A measurement with its results, as in its file. */
export type Run<Results = unknown> = Results & {
  /** The name of the measurement. */
  readonly command: string;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly settings: StepSettings;
  readonly rounds: number;
};

/** Something to measure. */
export interface Measurement<Results> {
  /** For the usage. */
  readonly summary: string;
  /** For the document. */
  readonly title: string;
  readonly defaults: {
    readonly variants: string;
    readonly rounds: number;
    readonly settings?: Partial<StepSettings>;
  };
  measure(conditions: Conditions): Promise<Results>;
  /** Renders a run in Markdown. */
  section(run: Run<Results>): string;
}
