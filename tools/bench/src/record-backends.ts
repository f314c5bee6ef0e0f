import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

import { disagreements, joinReports, textReport, type ParityReport } from '@taggerjs/parity';

import { steps } from './commands/steps';
import { measure } from './measure';
import { summarizeParity } from './report/summarize-parity';
import { RECORDED_PARITY, RECORDED_STEPS, writeBackendsDocument } from './report/write-backends-document';

const PROCESS = fileURLToPath(new URL('./parity-process.ts', import.meta.url));

/** The backends of Node, each in a separate process. Slowest first, because two run at a time. */
const BACKENDS = ['webgpu', 'cpu', 'wasm:1', 'wasm:2', 'tensorflow:2', 'cuda'];

/** Variants whose backend may be unavailable. */
const NEEDS: Readonly<Record<string, string>> = { 'tensorflow:2': 'tensorflow:2', 'webgpu:1': 'webgpu' };

/** Step times, by file: a small model on all backends, and the paper's network for Shapes on those that are fast enough. */
const STEPS = {
  small: { variants: ['relaxed:2', 'relaxed:1', 'tensorflow:2', 'composed:2', 'webgpu:1', 'cpu:1'], rounds: '5' },
  shapes: { variants: ['relaxed:2', 'tensorflow:2', 'composed:2'], rounds: '7' },
} as const;

/**
 * Runs the parity suite on every backend, and training steps on all of them in turn; records both and writes the document.
 * `--peer` adds a peer to the steps; `--only parity` or `--only steps` records one of the two.
 *
 * @returns the path of the document
 * @throws Error if a backend disagrees; the report is then not recorded
 */
export async function recordBackends(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      peer: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', default: '' },
      backends: { type: 'string', default: BACKENDS.join(',') },
    },
  });
  if (!['', 'parity', 'steps'].includes(values.only)) throw new RangeError('--only must be parity or steps');
  const missing = new Set<string>();
  if (values.only !== 'steps') {
    const report = await parityOf(values.backends.split(','));
    console.log(textReport(report));
    const wrong = disagreements(report);
    if (wrong.length > 0) throw new Error(`${wrong.length} cases disagree: this is not recorded.`);
    for (const { name, unavailable } of report.backends) if (unavailable !== undefined) missing.add(name);
    mkdirSync(dirname(RECORDED_PARITY), { recursive: true });
    writeFileSync(RECORDED_PARITY, `${JSON.stringify(summarizeParity(report))}\n`);
    writeBackendsDocument();
  }
  if (values.only !== 'parity') {
    const peers = values.peer.flatMap((peer) => ['--peer', peer]);
    for (const [size, { variants, rounds }] of Object.entries(STEPS)) {
      const there = variants.filter((variant) => !missing.has(NEEDS[variant] ?? ''));
      const out = RECORDED_STEPS[size as keyof typeof STEPS];
      const options = ['--size', size, '--variants', there.join(','), '--rounds', rounds, '--warm-up', '1'];
      await measure(steps, [...options, ...peers, '--out', out]);
      writeBackendsDocument();
    }
  }
  return writeBackendsDocument();
}

/** One report of all backends, in the order given; two processes at a time. */
async function parityOf(backends: readonly string[]): Promise<ParityReport> {
  const reports = new Map<string, ParityReport>();
  const waiting = [...backends];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, PROCESS, name], {
        // Without a display, EGL, which Dawn uses for OpenGL, needs this setting.
        env: { EGL_PLATFORM: 'surfaceless', ...process.env },
        maxBuffer: 2 ** 28,
      });
      // TensorFlow.js may print a greeting before it.
      reports.set(name, JSON.parse(stdout.slice(stdout.indexOf('{"version"'))) as ParityReport);
      console.error(`parity on ${name}: done`);
    }
  };
  await Promise.all([work(), work()]);
  const order = [...BACKENDS].sort((a, b) => rank(a) - rank(b)).filter((name) => reports.has(name));
  const others = backends.filter((name) => !order.includes(name));
  return joinReports([...order, ...others].map((name) => reports.get(name)) as [ParityReport, ...ParityReport[]]);
}

/** The order in the document: backends that everyone has come first. */
function rank(name: string): number {
  return ['cpu', 'wasm', 'tensorflow', 'cuda', 'webgpu'].indexOf(name.split(':')[0] as string);
}
