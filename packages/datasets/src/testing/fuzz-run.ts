// Feeds damaged files to a reader: node --import tsx fuzz-run.ts KIND COUNT SEED PROGRESS [FROM..TO]
// PROGRESS is a file that always names the mutant at hand, for whoever watches; FROM..TO runs some of them, TO left out, and
// prints what the errors say.
import { openSync, writeSync } from 'node:fs';

import { createRandom } from '@taggerjs/random';

import { DatasetError } from '../errors';
import { FUZZ_KINDS } from './fuzz-kinds';

/** Sound files are read now and then, to see that nothing is left behind. */
const EVERY = 500;

async function run(): Promise<void> {
  const [kindName = '', count = '', seed = '', progress = '', range] = process.argv.slice(2);
  const kind = await FUZZ_KINDS[kindName]!();
  const random = createRandom(Number(seed)).fork('fuzz', kindName);
  const file = openSync(progress, 'w');
  const outcomes: Record<string, number> = {};
  let slowest = { index: -1, milliseconds: 0 };
  await kind.readValid();
  const before = process.resourceUsage().maxRSS;
  const [from = 0, to = Number(count)] = range?.split('..').map(Number) ?? [];
  for (let index = from; index < to; index++) {
    writeSync(file, `${String(index).padEnd(12)}\n`, 0);
    const bytes = kind.mutant(random.fork(index));
    const started = performance.now();
    let outcome = 'read';
    try {
      await kind.read(bytes);
    } catch (error) {
      if (!(error instanceof DatasetError)) {
        process.stderr.write(`mutant ${index}: ${Buffer.from(bytes).toString('base64')}\n`);
        throw error;
      }
      outcome = error.code;
      if (range !== undefined) process.stderr.write(`${error.message}\n`);
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const milliseconds = performance.now() - started;
    if (milliseconds > slowest.milliseconds) slowest = { index, milliseconds };
    if (index % EVERY === EVERY - 1 || index === to - 1) await kind.readValid();
  }
  kind.dispose();
  const grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
  const result = { kind: kindName, seed: Number(seed), mutants: to - from, outcomes, slowest, grownMiB };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

await run();
