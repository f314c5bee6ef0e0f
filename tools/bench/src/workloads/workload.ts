import type { Reply } from '../contestants/line-process';
import type { StepSettings } from '../step-settings';
import type { VariantSetup } from '../variants/variants';

/** The inputs of a workload. */
export interface WorkloadContext {
  readonly variant: VariantSetup;
  readonly threads: number;
  readonly settings: StepSettings;
}

/** Answers requests. */
export type Answer = (request: string) => Promise<Reply>;
