import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { COMMANDS } from './commands';
import type { Command } from './commands/command';
import { measure } from './measure';
import { RECORDED } from './report/recorded-runs';
import { writePerformanceDocument } from './report/write-performance-document';

/** The recorded runs: file names, in the order of the document, and command lines. */
const PLAN: readonly (readonly [file: string, command: string, ...args: string[]])[] = [
  ['1-steps-small', 'steps', '--size', 'small'],
  ['2-steps-shapes', 'steps', '--size', 'shapes'],
  ['3-steps-textures', 'steps', '--size', 'textures', '--variants', 'relaxed:2,recomputed:2'],
  ['4-profile', 'profile'],
  ['5-products', 'products'],
  ['6-operations', 'operations'],
  ['7-inference-small', 'inference', '--size', 'small'],
  ['8-inference-shapes', 'inference', '--size', 'shapes'],
  ['9-growth', 'growth', '--variants', 'relaxed:2,recomputed:2'],
];

/** Commands in which peers take part. */
const WITH_PEERS = new Set(['steps', 'inference']);

/** Measures everything in docs/performance.md, and writes it. */
export async function record(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { peer: { type: 'string', multiple: true, default: [] }, only: { type: 'string', default: '' } },
  });
  const peers = values.peer.flatMap((peer) => ['--peer', peer]);
  for (const [file, name, ...options] of PLAN) {
    if (!file.includes(values.only)) continue;
    const out = ['--out', resolve(RECORDED, `${file}.json`)];
    await measure(COMMANDS[name] as Command, [...options, ...(WITH_PEERS.has(name) ? peers : []), ...out]);
  }
  writePerformanceDocument();
}
