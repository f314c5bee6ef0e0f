// The time of an iteration in the page, on WebAssembly with one thread: `npm run playground:measure`, after
// `npm run docs:build`. Writes tools/site/playground-timing.json, which the page of the playground names.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import { openSite } from './open-site';
import { ROOT } from './repository-pages';

const RUNS = 200;
/** Runs before those that count: the engine compiles what it runs often. */
const WARM_UP = 30;

const load = loadavg()[0]!;
// Without the headers that threads need: one thread.
const { page, origin, close } = await openSite({ reducedMotion: 'reduce' });
await page.goto(`${origin}/playground.html`);
await page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
const setup = (await page.getByTestId('status').innerText()).split(').')[0]! + ')';
const times: number[] = [];
for (let run = 0; run < WARM_UP + RUNS; run++) {
  const before = await page.getAttribute('.playground', 'data-runs');
  await page.getByTestId('seed').fill(String(run + 1));
  await page.getByTestId('seed').blur();
  await page.waitForFunction(
    (before) => document.querySelector<HTMLElement>('.playground')!.dataset['runs'] !== before,
    before,
    { timeout: 60_000 },
  );
  if (run >= WARM_UP) times.push(Number(await page.getAttribute('.playground', 'data-last-ms')));
}
const browser = page.context().browser()!.version();
await close();

times.sort((a, b) => a - b);
const at = (part: number) => Number(times[Math.floor(part * (times.length - 1))]!.toFixed(2));
const result = {
  what: 'milliseconds of an iteration of the shipped model on one drawing, K 4, T 5, in the page, WebAssembly, one thread',
  median: at(0.5),
  tenth: at(0.1),
  ninetieth: at(0.9),
  runs: times.length,
  setup,
  chromium: browser,
  processor: cpus()[0]!.model,
  loadBefore: Number(load.toFixed(2)),
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim(),
};
writeFileSync(join(ROOT, 'tools/site/playground-timing.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(result);
