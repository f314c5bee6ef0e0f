// A variant in a separate process: sets up the backend, then answers requests line by line.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { NAMED_SETTINGS, readSettings, SETTINGS_OPTIONS } from '../step-settings';
import { VARIANTS, type VariantName } from '../variants';
import { WORKLOADS } from '../workloads';
import type { Workload } from './contestants';

const { values } = parseArgs({
  options: {
    ...SETTINGS_OPTIONS,
    variant: { type: 'string' },
    workload: { type: 'string' },
    threads: { type: 'string', default: '1' },
  },
});
const variant = VARIANTS[values.variant as VariantName];
const threads = Number(values.threads);
const setup = await variant.setUp(threads);
const answer = await WORKLOADS[values.workload as Workload]({
  variant,
  threads,
  settings: readSettings(values, NAMED_SETTINGS.shapes),
});

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ ready: `${variant.description}; ${setup}` });
for await (const request of createInterface({ input: process.stdin })) say(await answer(request));
process.exit(0);
