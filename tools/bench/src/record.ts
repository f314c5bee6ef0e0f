import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measure } from './measure';
import { performanceDocument, RECORDED } from './report/performance-document';
import { write } from './report/generated-document';

const TENSORFLOW = 'tensorflow:2,tensorflow-bfloat16:2';
const PEERS = 'torch:2,torch-bfloat16:2,torch-bfloat16-compiled:2,jax:2,bound:2';
const WASM = 'relaxed:2,relaxed:1,plain:2,composed:2';
const INFERENCE = `${WASM},tensorflow:2,torch:2,jax:2,bound:2,bound:1`;

/** The recorded runs: file names, in the order of the document, and command lines. */
export const PLAN: readonly (readonly [file: string, command: string, options: string, variants?: string])[] = [
  ['1-steps-small', 'steps', '--size small --rounds 15', `${WASM},run:2,naive:2,webgpu:1,cpu:1,${TENSORFLOW},${PEERS}`],
  ['2-steps-shapes', 'steps', '--rounds 7', `${WASM},naive:2,${TENSORFLOW},${PEERS}`],
  ['3-steps-textures', 'steps', '--size textures --rounds 5', `relaxed:2,recomputed:2,${TENSORFLOW},${PEERS}`],
  ['4-profile', 'profile', ''],
  ['5-products', 'products', ''],
  ['6-operations', 'operations', ''],
  ['7-inference-small', 'inference', '--size small', INFERENCE],
  ['8-inference-shapes', 'inference', '', INFERENCE],
  ['9-growth', 'growth', '', 'relaxed:2,recomputed:2'],
];

/** Measures everything in docs/performance.md, and writes it. */
export async function record(commandLine: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
  });
  for (const [file, command, options, variants] of PLAN) {
    if (!file.includes(values.only)) continue;
    const args = [...options.split(' ').filter(Boolean), '--out', join(RECORDED, `${file}.json`)];
    if (variants !== undefined) args.push('--variants', variants);
    if (values.quick) args.push('--rounds', '1');
    await measure(command, args);
  }
  write('performance.md', await performanceDocument());
}
