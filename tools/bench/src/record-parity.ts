import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { textReport, type ParityReport } from '@taggerjs/parity';

import { backendsDocument, RECORDED_PARITY } from './report/backends-document';
import { write } from './report/generated-document';
import { summarizeParity } from './report/summarize-parity';

/**
 * Runs the parity suite on every backend of Node, each in a separate process, records a summary and writes
 * docs/backends.md. If a backend disagrees, records nothing and sets the exit code.
 */
export async function recordParity(): Promise<void> {
  const tagger = fileURLToPath(new URL('./tagger.ts', import.meta.url));
  const backends = '--backends=cpu,wasm:1,wasm:2,tensorflow:2,cuda,webgpu';
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, tagger, 'parity', backends, '--json'], {
    // Without a display, EGL, which Dawn uses for OpenGL, needs this setting.
    env: { EGL_PLATFORM: 'surfaceless', ...process.env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const report = JSON.parse(stdout) as ParityReport;
  console.log(textReport(report));
  if (status !== 0) {
    console.error('Some cases disagree, so nothing was recorded.');
    process.exitCode = 1;
    return;
  }
  writeFileSync(RECORDED_PARITY, `${JSON.stringify(summarizeParity(report))}\n`);
  write('backends.md', await backendsDocument());
}
