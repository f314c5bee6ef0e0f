import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measure } from './measure';
import { performanceDocument, RECORDED } from './report/performance-document';
import { write } from './report/generated-document';

const PEERS = 'torch:2,torch-bfloat16:2,torch-bfloat16-compiled:2,jax:2,bound:2';

/** The recorded runs: file names, in the order of the document, and command lines. */
const PLAN: readonly (readonly [file: string, command: string, options: string])[] = [
  [
    '1-steps-small',
    'steps',
    `--size small --rounds 15 --variants relaxed:2,relaxed:1,run:2,plain:2,composed:2,naive:2,tensorflow:2,tensorflow-bfloat16:2,webgpu:1,cpu:1,${PEERS}`,
  ],
  [
    '2-steps-shapes',
    'steps',
    `--rounds 7 --variants relaxed:2,relaxed:1,plain:2,composed:2,naive:2,tensorflow:2,tensorflow-bfloat16:2,${PEERS}`,
  ],
  [
    '3-steps-textures',
    'steps',
    `--size textures --rounds 5 --variants relaxed:2,recomputed:2,tensorflow:2,tensorflow-bfloat16:2,${PEERS}`,
  ],
  ['4-profile', 'profile', ''],
  ['5-products', 'products', ''],
  ['6-operations', 'operations', ''],
  [
    '7-inference-small',
    'inference',
    `--size small --variants relaxed:2,relaxed:1,plain:2,composed:2,tensorflow:2,${PEERS}`,
  ],
  ['8-inference-shapes', 'inference', `--variants relaxed:2,relaxed:1,plain:2,composed:2,tensorflow:2,${PEERS}`],
  ['9-growth', 'growth', '--variants relaxed:2,recomputed:2'],
];

/** Measures everything in docs/performance.md, and writes it. */
export async function record(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
  });
  for (const [file, command, options] of PLAN) {
    if (!file.includes(values.only)) continue;
    const rounds = values.quick ? ['--rounds', '1'] : [];
    const out = ['--out', join(RECORDED, `${file}.json`)];
    await measure(command, [...options.split(' ').filter(Boolean), ...rounds, ...out]);
  }
  write('performance.md', await performanceDocument());
}
