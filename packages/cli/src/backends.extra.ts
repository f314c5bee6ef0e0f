// Results on TensorFlow and WebGPU compared with WebAssembly: part of `npm run test:all`.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runTagger } from './testing/command';
import { killAndResume, TINY } from './testing/kill-run';
import { runContents } from './testing/run-contents';

const STEPS = 24;
// Environment of every process started here: WebGPU without a screen.
process.env['EGL_PLATFORM'] ??= 'surfaceless';

let folder: string;
const tagger = (...args: string[]) => runTagger(folder, args);
const train = (out: string, ...args: string[]) =>
  tagger('train', 'shapes-quick', ...TINY, `--training.steps=${STEPS}`, '--quiet', '--out', out, ...args);

/** The cost of every step of a run. */
async function costsOf(run: string): Promise<number[]> {
  const lines = (await readFile(join(folder, run, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const costs = lines
    .map((line) => JSON.parse(line) as { type: string; cost: number })
    .filter(({ type }) => type === 'step')
    .map(({ cost }) => cost);
  expect(costs.length).toBeGreaterThan(1);
  return costs;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-backends-'));
  expect(await train('wasm', '--threads=1')).toMatchObject({ code: 0 });
  expect(await train('tensorflow', '--backend=tensorflow', '--threads=1')).toMatchObject({ code: 0 });
  expect(await train('webgpu', '--backend=webgpu')).toMatchObject({ code: 0 });
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([
  ['tensorflow', ['--threads=1'], /^TensorFlow 2\.\S+ on the CPU, 1 thread, \d+ custom kernels$/],
  ['webgpu', [], /^WebGPU on /],
])('--backend %s', (backend, threads, description) => {
  it('trains like WebAssembly, up to rounding', async () => {
    const mine = await costsOf(backend);
    const wasm = await costsOf('wasm');
    expect(mine).toHaveLength(wasm.length);
    for (const [i, cost] of mine.entries()) expect(Math.abs(cost / wasm[i]! - 1)).toBeLessThan(1e-4);
    const { environment } = JSON.parse(await readFile(join(folder, backend, 'config.json'), 'utf8'));
    expect(environment).toMatchObject({ backend, backendSetup: expect.stringMatching(description) });
  }, 300_000);

  it('evaluates a model like WebAssembly', async () => {
    const [mine, wasm] = await Promise.all(
      [['--backend', backend, ...threads], ['--threads=1']].map(async (how) => {
        const { code, stdout } = await tagger('evaluate', 'wasm', '--split=test', '--json', ...how);
        expect(code).toBe(0);
        return JSON.parse(stdout);
      }),
    );
    expect(mine.examples).toBe(8);
    for (const [i, { cost, ami }] of wasm.iterations.entries()) {
      expect(Math.abs(mine.iterations[i].cost / cost - 1)).toBeLessThan(1e-5);
      expect(Math.abs(mine.iterations[i].ami - ami)).toBeLessThan(1e-3);
    }
  }, 300_000);
});

it('resumes with the TensorFlow threads of the run, to the same bits', async () => {
  const computing = { train: ['--backend=tensorflow', '--threads=1'], resume: [] };
  const { runs } = await killAndResume(folder, { kills: 3, steps: STEPS, seed: 5, ...computing });
  const whole = await runContents(join(folder, 'tensorflow'));
  for (const run of runs) expect(await runContents(join(folder, run))).toEqual(whole);
}, 300_000);

it('resumes with the precision of the run, to the same bits', async () => {
  const computing = ['--backend=tensorflow', '--threads=1', '--precision=emulated-bfloat16'];
  expect(await train('rounded', ...computing)).toMatchObject({ code: 0 });
  const { environment } = JSON.parse(await readFile(join(folder, 'rounded', 'config.json'), 'utf8'));
  expect(environment).toMatchObject({ precision: 'emulated-bfloat16' });
  const settings = { name: 'killed-rounded', kills: 2, steps: STEPS, seed: 6, train: computing, resume: [] };
  const { runs } = await killAndResume(folder, settings);
  const whole = await runContents(join(folder, 'rounded'));
  for (const run of runs) expect(await runContents(join(folder, run))).toEqual(whole);
  const [rounded, exact] = [await costsOf('rounded'), await costsOf('tensorflow')];
  expect(rounded).not.toEqual(exact);
  for (const [i, cost] of rounded.entries()) expect(Math.abs(cost / exact[i]! - 1)).toBeLessThan(2e-2);
}, 300_000);

it('warns if the processor has no instructions for bfloat16, and trains in float32', async () => {
  const flags = await readFile('/proc/cpuinfo', 'utf8');
  const { code, stderr } = await train('precise', '--backend=tensorflow', '--threads=1', '--precision=bfloat16');
  expect(code).toBe(0);
  const { environment } = JSON.parse(await readFile(join(folder, 'precise', 'config.json'), 'utf8'));
  const has = /avx512_bf16|amx_bf16/.test(flags);
  expect(environment).toMatchObject({ precision: has ? 'bfloat16' : 'float32' });
  expect(stderr.includes('float32')).toBe(!has);
}, 120_000);

it('warns if the number of TensorFlow threads changes', async () => {
  expect(await train('ended', '--backend=tensorflow', '--threads=1')).toMatchObject({ code: 0 });
  // Simulates a kill after the last checkpoint, before the end.
  for (const name of ['finished.json', 'model.safetensors']) await rm(join(folder, 'ended', name));
  const { code, stderr } = await tagger('resume', 'ended', '--quiet', '--threads=2');
  expect(code).toBe(0);
  expect(stderr).toMatch(/changed \(TensorFlow .*, 1 thread.* then, TensorFlow .*, 2 threads.* now/);
}, 120_000);
