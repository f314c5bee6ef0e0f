// Times one training step by variant. Variants run in processes of their own, step by step in turn, so that their ratios
// hold on a noisy machine. Prints a table, or JSON.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { matmulFlops, type StepSettings } from './step-settings';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '2000,1000,500' },
    input: { type: 'string', default: '400' },
    noise: { type: 'string', default: 'bitflip' },
    norm: { type: 'string', default: 'layer' },
    groups: { type: 'string', default: '4' },
    iterations: { type: 'string', default: '3' },
    batch: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
    variants: { type: 'string', default: 'taggerjs,naive' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});

const settings: StepSettings = {
  sizes: values.sizes.split(',').map(Number),
  inputSize: Number(values.input),
  noise: values.noise as StepSettings['noise'],
  norm: values.norm as StepSettings['norm'],
  groups: Number(values.groups),
  iterations: Number(values.iterations),
  batch: Number(values.batch),
  threads: Number(values.threads),
};

interface Reply {
  readonly milliseconds: number;
  readonly cost: number;
  readonly rss: number;
}

interface Running {
  readonly name: string;
  readonly description: string;
  readonly child: ChildProcess;
  readonly replies: Reply[];
}

async function start(name: string): Promise<Running> {
  const child = fork(
    fileURLToPath(new URL('./variant-process.ts', import.meta.url)),
    [JSON.stringify({ name, settings })],
    {
      execArgv: process.execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const [{ ready }] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`the variant '${name}' did not start`);
    }),
  ])) as [{ ready: string }];
  return { name, description: ready, child, replies: [] };
}

async function step({ child }: Running): Promise<Reply> {
  child.send('step');
  const [reply] = (await once(child, 'message')) as [Reply];
  return reply;
}

const running: Running[] = [];
try {
  for (const name of values.variants.split(',')) running.push(await start(name));
  // The first steps compile and allocate.
  for (const variant of running) await step(variant);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const variant of running) variant.replies.push(await step(variant));
  }
} finally {
  for (const { child } of running) child.send('end');
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
const flops = matmulFlops(settings);
const [first] = running as [Running];
const base = median(first.replies.map(({ milliseconds }) => milliseconds));
const results = running.map(({ name, description, replies }) => {
  const times = replies.map(({ milliseconds }) => milliseconds);
  const ms = median(times);
  return {
    variant: name,
    description,
    milliseconds: { median: round1(ms), min: round1(Math.min(...times)), max: round1(Math.max(...times)) },
    gflops: round1(flops / ms / 1e6),
    ratioOfFirst: Number((base / ms).toFixed(4)),
    peakRssMiB: Math.round(Math.max(...replies.map(({ rss }) => rss)) / 2 ** 20),
  };
});

const report = {
  date: new Date().toISOString(),
  processor: cpus()[0]?.model.trim(),
  node: process.version,
  settings,
  matmulGflop: round1(flops / 1e9),
  rounds: Number(values.rounds),
  results,
};
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
if (values.json) console.log(JSON.stringify(report));
else {
  console.log(
    `One training step, sizes ${settings.sizes.join('-')}, N ${settings.inputSize}, K ${settings.groups}, T ${settings.iterations}, batch ${settings.batch}, ${settings.noise}, ${settings.norm} norm`,
  );
  console.log(`${report.matmulGflop} GFLOP of matrix products; median of ${report.rounds} interleaved rounds\n`);
  for (const { variant, description, milliseconds, gflops, ratioOfFirst, peakRssMiB } of results) {
    console.log(
      `${variant.padEnd(10)} ${String(milliseconds.median).padStart(9)} ms  ${String(gflops).padStart(6)} GFLOP/s  ` +
        `${String(peakRssMiB).padStart(5)} MiB  ${description}`,
    );
    if (variant !== first.name)
      console.log(`           ${first.name} takes ${ratioOfFirst} of it (1/${(1 / ratioOfFirst).toFixed(1)})`);
  }
}

function round1(value: number): number {
  return Math.round(10 * value) / 10;
}
