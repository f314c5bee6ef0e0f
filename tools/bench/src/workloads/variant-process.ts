// A variant in a separate process: sets up the backend, then answers requests line by line.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import type { Workload } from '../contestants/start-variant';
import type { StepSettings } from '../step-settings';
import { VARIANTS } from '../variants/variants';
import { operationWorkload } from './operation-workload';
import { productWorkload } from './product-workload';
import { profileWorkload } from './profile-workload';
import { stepWorkload } from './step-workload';
import type { Answer, WorkloadContext } from './workload';

const WORKLOADS: Readonly<Record<Workload, (context: WorkloadContext) => Promise<Answer>>> = {
  step: stepWorkload,
  operation: operationWorkload,
  product: productWorkload,
  profile: profileWorkload,
};

const string = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { variant: string, workload: string, settings: string, threads: string } });
const variant = VARIANTS[values.variant];
if (variant === undefined) {
  throw new RangeError(`No variant '${values.variant}'. Use one of ${Object.keys(VARIANTS).join(', ')}, or a peer.`);
}
const threads = Number(values.threads);
const settings = JSON.parse(values.settings) as StepSettings;
const description = await variant.setUp(threads);
const answer = await WORKLOADS[values.workload as Workload]({ variant, threads, settings });

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ ready: description });
for await (const request of createInterface({ input: process.stdin })) say(await answer(request));
process.exit();
