// Measures the time of an iteration in the page, on WebAssembly with one thread, and how smoothly the page is drawn during playback
// and training: `npm run playground:measure`, which builds the site first. Writes the result into docs/playground.md; with `--print`
// it only prints it.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import { MODEL_KINDS } from '@taggerjs-tools/playground';

import { measureSmoothness, smoothnessInWords } from './measure-smoothness';
import { openSite } from './open-site';
import { ROOT } from './repository-pages';

const RUNS = 200;
/** The page's default T. */
const ITERATIONS = 5;
/** Number of random samples to play from the first iteration to the last. */
const PLAYED = 10;
/** Number of training steps, with the page's default sizes. */
const STEPS = 300;
/** Runs that are not timed, because the browser still compiles. */
const WARM_UP = 30;

const load = loadavg()[0]!;
// Without the headers that threads need: one thread.
const { page, origin, close } = await openSite({ reducedMotion: 'reduce' });
await page.goto(`${origin}/playground.html`);
await page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
const setup = (await page.getByTestId('status').innerText()).split(').')[0]! + ')';
const shapesTimes = await timesOfRuns();
const hasTextures = (await page.getByTestId('model').count()) > 0;
if (hasTextures) {
  await page.getByTestId('model').selectOption('textures');
  await page.getByTestId('texture').waitFor();
}
const texturesTimes = hasTextures ? await timesOfRuns() : [];
const browser = page.context().browser()!.version();
await close();

// With motion, the default.
const moving = await openSite();
await moving.page.goto(`${moving.origin}/playground.html`);
await moving.page.waitForSelector('.playground[data-ready=true]', { timeout: 120_000 });
const playing = await measureSmoothness(moving.page, async () => {
  for (let i = 0; i < PLAYED; i++) {
    await moving.page.getByTestId('sample').click();
    await moving.page.getByRole('button', { name: 'Play', exact: true }).waitFor({ timeout: 60_000 });
  }
});
await moving.page.getByTestId('steps').fill(String(STEPS));
const training = await measureSmoothness(moving.page, async () => {
  await moving.page.getByTestId('train').click();
  await moving.page.getByTestId('continue').waitFor({ timeout: 600_000 });
});
await moving.close();

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date());
const text =
  `In the page, one iteration of the shapes model (K = ${MODEL_KINDS.shapes.groups}) takes ${inWords(shapesTimes)}` +
  (hasTextures
    ? `, and one of the textured-digits model (K = ${MODEL_KINDS.textures.groups}) ${inWords(texturesTimes)}`
    : '') +
  `. Backend: ${setup}. Machine: Chromium ${browser}, ${cpus()[0]!.model.trim()}, load average ${load.toFixed(1)}, ${date}. ` +
  'Run `npm run playground:measure` to measure again.';

const smoothness =
  `During playback of random samples, the page draws ${smoothnessInWords(playing)}. While it trains a model in a worker ` +
  `(${STEPS.toLocaleString('en')} steps, with curves and groups), it draws ${smoothnessInWords(training)}. Drawing used a software ` +
  `renderer on ${cpus().length} cores, shared with training.`;

const file = join(ROOT, 'docs/playground.md');
const marked = /(<!-- timing:begin.*?-->\n)[\s\S]*?(<!-- timing:end -->)/;
const markdown = readFileSync(file, 'utf8');
if (!marked.test(markdown)) throw new Error(`${file} has no timing:begin and timing:end markers.`);
if (!process.argv.includes('--print'))
  writeFileSync(
    file,
    markdown.replace(marked, (_, begin: string, end: string) => `${begin}\n${text}\n\n${smoothness}\n\n${end}`),
  );
console.log(`${text}\n\n${smoothness}`);

/** Milliseconds per iteration of the page's current model, one value per run. */
async function timesOfRuns(): Promise<number[]> {
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
  return times.sort((a, b) => a - b);
}

function inWords(times: readonly number[]): string {
  const at = (part: number) => Number(times[Math.floor(part * (times.length - 1))]!.toFixed(2));
  return (
    `${at(0.5)} ms (median of ${times.length} runs of ${ITERATIONS} iterations; 10th percentile ${at(0.1)} ms, 90th ` +
    `${at(0.9)} ms)`
  );
}
