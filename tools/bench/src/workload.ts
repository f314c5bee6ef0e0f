import type { Reply } from './contestants/line-process';
import type { StepSettings } from './step-settings';
import type { Variant } from './variants';

/** What a workload is made of. */
export interface WorkloadContext {
  readonly variant: Variant;
  readonly threads: number;
  readonly settings: StepSettings;
}

/** Answers requests. */
export type Answer = (request: string) => Promise<Reply>;
