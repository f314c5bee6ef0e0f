import type { Reply } from './contestants/line-process';
import type { Workload } from './contestants/contestants';
import type { StepSettings } from './step-settings';
import type { Variant } from './variants';
import { bandwidthWorkload } from './workloads/bandwidth-workload';
import { operationWorkload } from './workloads/operation-workload';
import { productWorkload } from './workloads/product-workload';
import { profileWorkload } from './workloads/profile-workload';
import { stepWorkload } from './workloads/step-workload';

/** What a workload is made of. */
export interface WorkloadContext {
  readonly variant: Variant;
  readonly threads: number;
  readonly settings: StepSettings;
}

/** Answers requests. */
export type Answer = (request: string) => Promise<Reply>;

/** What a variant's process can be asked for. */
export const WORKLOADS: Readonly<Record<Workload, (context: WorkloadContext) => Promise<Answer>>> = {
  step: stepWorkload,
  operation: operationWorkload,
  product: productWorkload,
  profile: profileWorkload,
  bandwidth: bandwidthWorkload,
};
