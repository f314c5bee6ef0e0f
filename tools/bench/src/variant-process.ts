// One variant in a process of its own: makes a step whenever it is told to, and says how long it took.
import { performance } from 'node:perf_hooks';

import type { StepSettings } from './step-settings';
import { VARIANTS } from './variants';

const { name, settings } = JSON.parse(process.argv[2] as string) as { name: string; settings: StepSettings };
const variant = VARIANTS[name];
if (variant === undefined) throw new Error(`unknown variant '${name}'; known are: ${Object.keys(VARIANTS).join(', ')}`);
const runner = await variant(settings);

process.on('message', (message) => {
  if (message === 'end') process.exit(0);
  void (async () => {
    const started = performance.now();
    const cost = await runner.step();
    const milliseconds = performance.now() - started;
    process.send?.({ milliseconds, cost, rss: process.memoryUsage.rss() });
  })();
});
process.send?.({ ready: runner.description });
