import type { Workload } from './contestants/contestants';
import type { Answer, WorkloadContext } from './workload';
import { bandwidthWorkload } from './workloads/bandwidth-workload';
import { operationWorkload } from './workloads/operation-workload';
import { productWorkload } from './workloads/product-workload';
import { profileWorkload } from './workloads/profile-workload';
import { stepWorkload } from './workloads/step-workload';

/** The workloads of a variant's process. */
export const WORKLOADS: Readonly<Record<Workload, (context: WorkloadContext) => Promise<Answer>>> = {
  step: stepWorkload,
  operation: operationWorkload,
  product: productWorkload,
  profile: profileWorkload,
  bandwidth: bandwidthWorkload,
};
