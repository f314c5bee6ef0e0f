import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ParityReport } from '@taggerjs/parity';

import { summarizeParity } from './report/summarize-parity';
import { RECORDED_PARITY, writeBackendsDocument } from './report/write-backends-document';

const PROGRAM = fileURLToPath(new URL('../../../packages/cli/bin/tagger.js', import.meta.url));

/**
 * Runs `tagger parity` with its backends (`--backends`, as it takes them; by default cpu and WebAssembly of one and two
 * threads), records what it comes to, and writes the document. The command must be built.
 *
 * @returns where the document is
 * @throws Error where a backend disagrees: such a report is not recorded
 */
export function recordBackends(args: readonly string[]): string {
  const backends = args.length > 0 ? args : ['--backends', 'cpu,wasm:1,wasm:2'];
  const json = execFileSync(process.execPath, [PROGRAM, 'parity', '--json', ...backends], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  mkdirSync(dirname(RECORDED_PARITY), { recursive: true });
  writeFileSync(RECORDED_PARITY, `${JSON.stringify(summarizeParity(JSON.parse(json) as ParityReport))}\n`);
  return writeBackendsDocument();
}
