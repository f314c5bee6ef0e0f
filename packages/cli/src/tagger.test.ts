// The command on the built package.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { BIN, environment, runTagger } from './testing/command';
import { openSession } from './testing/command-session';

/** Settings for a training that takes seconds. */
const SMALL = [
  '--training.steps=4',
  '--training.batchSize=10',
  '--data.sizes={"train":200,"validation":40,"test":30}',
  '--model.core.hiddenSize=20',
  '--model.core.mapping.sizes=[10,5]',
  '--evaluation.examples=20',
  '--evaluation.everySteps=2',
  '--threads=1',
];

/** Disables pictures, for tests that do not need them. */
const QUICK = [...SMALL, '--evaluation.figureExamples=0'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-cli-'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const { tagger } = session;

describe('tagger', () => {
  it('lists the commands', async () => {
    const { code, stdout } = await runTagger(folder, ['--help']);
    expect(code).toBe(0);
    for (const command of ['train', 'evaluate', 'show', 'recipes', 'info']) expect(stdout).toContain(`  ${command} `);
  });

  it('loads only the parser at start-up', () => {
    const dist = resolve(__dirname, '../dist');
    const packages = new Set<string>();
    const visited = new Set<string>();
    // Follows static imports, not import().
    const visit = (file: string) => {
      if (visited.has(file)) return;
      visited.add(file);
      const text = readFileSync(join(dist, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^;'"(]*["']([^"']+)["']/gm)) {
        if (name.startsWith('.')) visit(name);
        else if (!isBuiltin(name)) packages.add(name);
      }
    };
    visit('index.js');
    expect([...packages].sort()).toEqual(['commander', 'fastest-levenshtein']);
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile(resolve(__dirname, '../package.json'), 'utf8'));
    expect(await tagger('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('reports the machine and the backend', async () => {
    const { code, stdout } = await tagger('info', '--json', '--threads', '1');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ node: process.version, backend: 'wasm' });
  });

  it('lists recipes, and prints one to start from', async () => {
    const { stdout } = await tagger('recipes');
    expect(stdout).toMatch(/^shapes-quick /m);
    expect(JSON.parse((await tagger('recipes', 'shapes')).stdout)).toMatchObject({ name: 'shapes' });
  });
});

describe('tagger in a shell', () => {
  it.each([
    [['tagger', 'tr'], ['train']],
    [['tagger', 'train', 'shapes-quick', '--m'], ['--minutes']],
    [
      ['tagger', 'train', '--backend', 'w'],
      ['wasm', 'webgpu'],
    ],
    [['tagger', 'data', 'sh'], ['shapes']],
  ])('completes %j in bash', async (words, expected) => {
    const { stdout: script } = await tagger('completion');
    const complete = `${script}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _tagger; echo "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', complete], { encoding: 'utf8' });
    expect(stdout.trim().split(' ')).toEqual(expected);
  });

  it('prints the stack trace of an error if TAGGER_DEBUG is set', async () => {
    const { code, stderr } = await runTagger(folder, ['evaluate', 'nowhere'], { env: { TAGGER_DEBUG: '1' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\n\s+at /);
  });

  it('ends without an error if the reader closes the pipe', async () => {
    const child = spawn(process.execPath, [BIN, 'recipes', '--json'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    const code = await new Promise((done) => child.on('close', done));
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
  });
});

describe('tagger train', () => {
  it('writes config, metrics, model and pictures to the run folder', async () => {
    const { code, stdout, stderr } = await tagger('train', 'shapes-quick', ...SMALL, '--out', 'first');
    expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/AMI at iteration +1 +2 +3 +4 +5/);
    expect(stdout).toMatch(/tagger evaluate first/);
    expect((await readdir(join(folder, 'first'))).sort()).toEqual([
      'checkpoints',
      'config.json',
      'finished.json',
      'metrics.jsonl',
      'model.safetensors',
      'pictures',
    ]);
    const pictures = await readdir(join(folder, 'first', 'pictures'));
    expect(pictures).toEqual(expect.arrayContaining(['groups.svg', 'groups.png', 'curves-cost.svg', 'curves-ami.png']));
    const config = JSON.parse(await readFile(join(folder, 'first', 'config.json'), 'utf8'));
    expect(config.recipe).toMatchObject({ name: 'shapes-quick', training: { batchSize: 10, steps: 4 } });
    const metrics = (await readFile(join(folder, 'first', 'metrics.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(metrics.filter(({ type }) => type === 'step').map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(metrics.filter(({ type }) => type === 'evaluation').map(({ phase }) => phase)).toEqual([
      'before',
      'during',
      'after',
    ]);
  });

  it('gives the same model for the same seed', async () => {
    await tagger('train', 'shapes-quick', ...QUICK, '--out', 'again');
    const model = (run: string) => readFile(join(folder, run, 'model.safetensors'));
    expect((await model('again')).equals(await model('first'))).toBe(true);
  });

  it('evaluates a run', async () => {
    const { code, stdout } = await tagger('evaluate', 'first', '--json', '--iterations', '2', '--threads', '1');
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ split: 'test', examples: 30 });
    expect(result.iterations).toHaveLength(2);
  });

  it('trains with a custom recipe and a custom mapping', async () => {
    await writeFile(
      join(folder, 'running-sum.mjs'),
      `export default () => ({
        config: { type: 'running-sum' },
        create: () => ({
          // A tensor method and a gradient that only @tensorflow/tfjs registers.
          apply: (hidden) => ({ output: hidden.cumsum(1) }),
          parameters: () => ({}),
          state: () => ({}),
          dispose() {},
        }),
      });`,
    );
    const recipe = JSON.parse((await tagger('recipes', 'shapes-quick')).stdout);
    recipe.name = 'mine';
    recipe.model.core = { ...recipe.model.core, hiddenSize: 20, mapping: { type: './running-sum.mjs' } };
    await writeFile(join(folder, 'mine.json'), JSON.stringify(recipe));
    const own = QUICK.filter((flag) => !flag.startsWith('--model'));
    const { code, stderr } = await tagger('train', 'mine.json', ...own, '--out', 'mine', '--json');
    expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' });
    expect(await tagger('evaluate', 'mine', '--threads', '1')).toMatchObject({ code: 0 });
  });

  it('calibrates batch normalization', async () => {
    const { code } = await tagger('train', 'shapes-quick', ...QUICK, '--model.core.norm=batch', '--out', 'batch');
    expect(code).toBe(0);
    expect(await tagger('evaluate', 'batch', '--threads', '1')).toMatchObject({ code: 0 });
  });

  it('stops after the current step on Ctrl-C, and saves the progress', async () => {
    const endless = [...QUICK.slice(1), '--training.maxMinutes=5', '--evaluation.everySteps=null', '--out', 'stopped'];
    const child = spawn(process.execPath, [BIN, 'train', 'shapes-quick', ...endless], {
      cwd: folder,
      env: environment(),
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => {
      const before = stderr;
      stderr += String(chunk);
      // The first line of progress means that it trains.
      if (/steps\/s/.test(stderr) && !/steps\/s/.test(before)) child.kill('SIGINT');
    });
    expect(await new Promise((done) => child.on('close', done))).toBe(130);
    expect(stdout).toMatch(/Trained \d+ steps? in 0:\d\d, interrupted/);
    expect(await tagger('evaluate', 'stopped', '--threads', '1')).toMatchObject({ code: 0 });
  });
});
