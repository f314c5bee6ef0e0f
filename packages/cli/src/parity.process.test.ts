// The parity suite as users run it, including custom mappings and kernels.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { CaseResult, ParityReport } from '@taggerjs/parity';

import { runTagger } from './testing/command';
import { openSession } from './testing/command-session';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-parity-'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const parity = (...args: string[]) => session.tagger('parity', ...args);
/** For several backends, which run in child processes, and for modules that change the process. */
const parityProcess = (...args: string[]) => runTagger(folder, ['parity', ...args]);

/** Writes a custom module that imports the packages of the command. */
const writeModule = (name: string, source: string) =>
  writeFile(
    join(folder, name),
    source
      .replaceAll("'@taggerjs/nn'", `'${pathToFileURL(resolve(__dirname, '../../nn/dist/index.js'))}'`)
      .replaceAll("'@tensorflow/tfjs-core'", `'${pathToFileURL(require.resolve('@tensorflow/tfjs-core'))}'`),
  );

describe('tagger parity', () => {
  it('prints the report as JSON', async () => {
    const { code, stdout, stderr } = await parityProcess('--backends', 'cpu,wasm:1', '--cases', 'noise', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { version, date, machine, backends, results, tolerances } = JSON.parse(stdout) as ParityReport;
    expect([version, new Date(date).toISOString()]).toEqual([1, date]);
    expect(Object.keys(machine).sort()).toEqual(['node', 'processor', 'system', 'tfjs-core']);
    expect(backends).toEqual([
      { name: 'cpu', description: 'plain JavaScript, 1 thread', ownKernels: [] },
      {
        name: 'wasm:1',
        description: expect.stringMatching(/^WebAssembly SIMD, 1 thread/),
        ownKernels: expect.arrayContaining(['TaggerMatMul']),
      },
    ]);
    const forms = ['bitflip', 'gaussian, algorithm', 'gaussian, exact', 'gaussian, residual'].flatMap((of) => [
      `noise ${of}`,
      `noise ${of}, 3 channels`,
    ]);
    expect(results.map((result) => [result.backend, result.kernels, result.case, result.outcome]).sort()).toEqual(
      [
        ['cpu', 'none'],
        ['wasm:1', 'on'],
        ['wasm:1', 'off'],
      ]
        .flatMap(([backend, kernels]) => forms.map((name) => [backend, kernels, name, 'agrees']))
        .sort(),
    );
    expect(Object.keys(tolerances).sort()).toEqual([...forms].sort());
    for (const { value, gradient } of results) {
      for (const figures of [value!, gradient!]) {
        expect(figures.absolute).toBeLessThanOrEqual(figures.allowed);
        expect(figures.relative).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('prints the report, and writes it as one page without external resources', async () => {
    const args = ['--backends', 'cpu', '--cases', 'TaggerRelu,noise bitflip', '--out', 'report.html'];
    const { code, stdout, stderr } = await parity(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'report.html\n' });
    expect(stdout).toMatch(/^cpu: 4 of 4 cases agree, 0 disagree, 0 cannot run \(plain JavaScript, 1 thread\)\n/);
    expect(stdout).toMatch(/^ {2}operation +2 cases +largest relative error: values 0\.0e\+0, gradients \d/m);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>\n.*All 4 results agree.*TaggerRelu, 64 x 501.*<\/html>\n$/s);
    expect(page).not.toMatch(/<script|<link|src=|href=|@import|url\(/);
    expect((await readdir(folder)).filter((name) => name.startsWith('report'))).toEqual(['report.html']);
  });

  it('prints the report even if the page cannot be written', async () => {
    await mkdir(join(folder, 'gone'));
    await writeModule('removes.mjs', `import { rmdirSync } from 'node:fs'; rmdirSync('gone');`);
    const args = ['--backends', 'cpu', '--cases', 'TaggerRelu', '--json', '--out', 'gone/report.html'];
    const { code, stdout, stderr } = await parity(...args, '--import', './removes.mjs');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^tagger: 'gone\/report\.html' cannot be written: ENOENT/),
    });
    expect((JSON.parse(stdout) as ParityReport).results).toHaveLength(2);
  });

  it('fails if no backend is available, and says how to install it', async () => {
    const { code, stdout, stderr } = await runTagger(folder, ['parity', '--backends', 'tensorflow'], {
      env: { TAGGERJS_TENSORFLOW: join(folder, 'empty') },
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('tagger: ') });
    expect(stdout).toMatch(/^tensorflow: not run: .*not set up.*npx taggerjs-setup-tensorflow/);
  });

  it('reports a crashed process as a disagreement', async () => {
    await writeModule('dies.mjs', `if (process.argv.includes('--backends=wasm:1')) process.exit(7);`);
    const args = ['--backends', 'cpu,wasm:1', '--cases', 'TaggerRelu', '--import', './dies.mjs'];
    const { code, stdout } = await parityProcess(...args);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^cpu: 2 of 2 cases agree/);
    expect(stdout).toMatch(/wasm:1: the whole suite: .*process ended \(7\)/);
  });
});

describe('tagger parity --mapping', () => {
  /** A mapping without parameters that computes `output`. */
  const mapping = (output: string) => `
    import { matMul, relu, reshape } from '@taggerjs/nn';
    import * as tf from '@tensorflow/tfjs-core';
    export const mine = () => ({
      config: { type: 'mine' },
      create: () => ({
        apply: (hidden) => ({ output: ${output} }),
        parameters: () => ({}),
        state: () => ({}),
        dispose() {},
      }),
    });
    export const nothing = () => undefined;`;

  it('accepts a correct mapping', async () => {
    await writeModule('good.mjs', mapping('relu(hidden)'));
    const { code, stdout, stderr } = await parityProcess('--backends', 'cpu,wasm:1', '--mapping', './good.mjs#mine');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^cpu: 2 of 4 cases agree, 0 disagree, 2 cannot run/m);
    expect(stdout).toMatch(/^wasm:1, kernels on: 4 of 4 cases agree/m);
    expect(stdout).toContain('./good.mjs#mine, layer norm: as on cpu:  it is what the others are compared with');
  });

  it('reports how a mapping breaks the contract', async () => {
    await writeModule('narrow.mjs', mapping('tf.slice(hidden, [0, 1])'));
    const { code, stdout } = await parity('--backends', 'cpu', '--mapping', './narrow.mjs#mine', '--json');
    expect(code).toBe(1);
    const { results } = JSON.parse(stdout) as ParityReport;
    const conformance = results.filter(({ case: name }) => name.endsWith('conformance'));
    expect(conformance.map(({ outcome }) => outcome)).toEqual(['disagrees', 'disagrees']);
    for (const { message } of conformance) expect(message).toMatch(/it threw: .*shape/i);
  });

  it('names a backend on which a mapping computes different values', async () => {
    await writeModule(
      'uneven.mjs',
      mapping(`tf.tidy(() => tf.mul(relu(hidden), tf.getBackend() === 'cpu' ? 1 : 1.01))`),
    );
    const { code, stdout } = await parity('--backends', 'wasm:1', '--mapping', './uneven.mjs#mine', '--json');
    expect(code).toBe(1);
    const wrong = (JSON.parse(stdout) as ParityReport).results.filter(({ outcome }) => outcome === 'disagrees');
    expect(new Set(wrong.map(({ case: name }) => name))).toEqual(
      new Set(['layer', 'batch'].map((norm) => `./uneven.mjs#mine, ${norm} norm: as on cpu`)),
    );
    for (const { value } of wrong) expect(value).toMatchObject({ agrees: false, relative: expect.closeTo(0.01, 4) });
  });

  it('refuses modules without a mapping, with exit code 2', async () => {
    await writeModule('none.mjs', mapping('hidden'));
    for (const [module, code] of [
      ['./none.mjs#absent', 'UNKNOWN_TYPE'],
      ['./none.mjs#nothing', 'USAGE'],
    ] as const) {
      const refused = await parity('--mapping', module, '--json');
      expect(refused.code).toBe(2);
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code } });
    }
  });
});

describe('tagger parity --import', () => {
  it('fails on a wrong kernel, and names it', async () => {
    // One of many elements is off by 0.01.
    await writeModule(
      'kernel.mjs',
      `
      import { registerOperationKernel } from '@taggerjs/nn';
      import * as tf from '@tensorflow/tfjs-core';
      registerOperationKernel({ kernelName: 'TaggerRelu' }, 'cpu', ({ inputs: { x } }) => tf.tidy(() => {
        const off = Array.from({ length: x.size }, (_, i) => (i === x.size - 1 ? 0.01 : 0));
        return [tf.add(tf.relu(x), tf.tensor(off, x.shape))];
      }));`,
    );
    const args = ['--backends', 'cpu', '--cases', 'TaggerRelu,TaggerSigmoid', '--import', './kernel.mjs'];
    const { code, stdout } = await parityProcess(...args, '--json');
    expect(code).toBe(1);
    const { results, backends } = JSON.parse(stdout) as ParityReport;
    expect(backends[0]?.ownKernels).toEqual(['TaggerRelu']);
    const wrong = (result: CaseResult) => result.outcome === 'disagrees';
    expect(results.filter(wrong).map(({ case: name, kernels, fault }) => [name, kernels, fault])).toEqual([
      ['TaggerRelu, 6 x 7', 'on', 'TaggerRelu'],
      ['TaggerRelu, 64 x 501', 'on', 'TaggerRelu'],
    ]);
    // Everything agrees without the kernel and for other operations.
    expect(results.filter((result) => !wrong(result)).map(({ kernels }) => kernels)).toEqual([
      ...['on', 'on'],
      ...['off', 'off', 'off', 'off'],
    ]);
  });
});
