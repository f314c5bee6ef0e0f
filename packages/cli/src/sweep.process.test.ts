import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeSafetensors, encodeSafetensors } from '@taggerjs/weights';

import { BIN } from './testing/command';
import { openSession } from './testing/command-session';

/** Settings for a training that takes seconds. */
const SMALL = [
  '--set=training.batchSize=10',
  '--set=data.sizes={"train":200,"validation":20,"test":20}',
  '--set=model.core.hiddenSize=12',
  '--set=model.core.mapping.sizes=[8,4]',
  '--set=evaluation.examples=20',
  '--set=evaluation.figureExamples=0',
  '--threads=1',
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-sweep-'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger, failure } = session;

const sweep = (...args: string[]) => tagger('sweep', ...args);

describe('tagger sweep', () => {
  const args = [
    'shapes-quick',
    ...SMALL,
    '--seeds',
    '0..1',
    '--set',
    'training.steps=2,3',
    '--jobs',
    '2',
    '--out',
    'mine',
  ];

  it('trains each combination into its own run folder, and compares them', async () => {
    const { code, stdout, stderr } = await sweep(...args);
    expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}shapes-quick training\.steps=2 \(2 runs\)/m);
    expect(stdout).toMatch(/^ {2}shapes-quick training\.steps=3 \(2 runs\)/m);
    const runs = ['0-steps=2-seed=0', '1-steps=2-seed=1', '2-steps=3-seed=0', '3-steps=3-seed=1'];
    expect(await readdir(join(folder, 'mine'))).toEqual(
      expect.arrayContaining([...runs, 'sweep.json', 'compare-ami.svg']),
    );
    const config = JSON.parse(await readFile(join(folder, 'mine', runs[3] as string, 'config.json'), 'utf8'));
    expect(config.recipe.training).toMatchObject({ seed: 1, steps: 3, batchSize: 10 });
  });

  it('skips finished runs, and trains a lost run again', async () => {
    const model = (run: string) => join(folder, 'mine', run, 'model.safetensors');
    const before = await stat(model('0-steps=2-seed=0'));
    const whole = await readFile(model('3-steps=3-seed=1'));
    await rm(join(folder, 'mine', '3-steps=3-seed=1'), { recursive: true });
    const { code, stderr } = await sweep('mine', '--threads', '1');
    expect(code).toBe(0);
    expect(stderr.match(/done before/g)).toHaveLength(3);
    expect((await stat(model('0-steps=2-seed=0'))).mtimeMs).toBe(before.mtimeMs);
    expect((await readFile(model('3-steps=3-seed=1'))).equals(whole)).toBe(true);
  });

  it('refuses a folder with a different sweep', async () => {
    expect(await failure('sweep', 'shapes-quick', ...SMALL, '--seeds', '7', '--out', 'mine')).toMatchObject({
      code: 'RUN_FOLDER',
      exitCode: 1,
    });
  });

  it('continues a sweep.json of an earlier version, with the former name of a value and without a backend', async () => {
    const settings = {
      'training.batchSize': '10',
      'data.sizes': '{"train":200,"validation":20,"test":20}',
      'model.core.hiddenSize': '12',
      'model.core.mapping.sizes': '[8,4]',
      'evaluation.examples': '20',
      'evaluation.figureExamples': '0',
      'training.averaging.decay': '0.9',
      'training.steps': '1',
    };
    const runs = [{ name: '0-seed=3', seed: 3, settings }];
    await mkdir(join(folder, 'earlier'));
    await writeFile(
      join(folder, 'earlier', 'sweep.json'),
      JSON.stringify({ version: '0.1.0', recipe: 'shapes-quick', runs }),
    );
    expect(await sweep('earlier', '--threads', '1')).toMatchObject({ code: 0 });
    const config = JSON.parse(await readFile(join(folder, 'earlier', '0-seed=3', 'config.json'), 'utf8'));
    expect(config.recipe.training).toMatchObject({ seed: 3, steps: 1, ema: { decay: 0.9 } });
    expect(config.environment).toMatchObject({ backend: 'wasm' });
  });

  it('stops on Ctrl-C, and continues the run that was stopped', async () => {
    // Long enough to be interrupted, short enough to wait for.
    const long = ['shapes-quick', ...SMALL, '--seeds', '0', '--set', 'training.steps=100', '--out', 'long'];
    const child = spawn(process.execPath, [BIN, 'sweep', ...long], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const closed = new Promise((done) => child.on('close', done));
    const metrics = join(folder, 'long', '0-seed=0', 'metrics.jsonl');
    while (!(await readFile(metrics, 'utf8').catch(() => '')).includes('"step":5,'))
      await new Promise((done) => setTimeout(done, 50));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(stderr).toContain('tagger sweep long');
    const steps = async () => (await readFile(metrics, 'utf8')).match(/"type":"step","step":\d+/g)?.length;
    expect(await steps()).toBeLessThan(100);
    const again = await sweep('long', '--threads', '1');
    expect({ code: again.code, stderr: again.stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/continues\n.*done\n/),
    });
    expect(await steps()).toBe(100);
  });

  // Windows has no SIGHUP.
  it.each(process.platform === 'win32' ? ['SIGKILL' as const] : ['SIGHUP' as const, 'SIGKILL' as const])(
    'its runs save and end after %s of the sweep',
    async (signal) => {
      const long = ['shapes-quick', ...SMALL, '--seeds=0..1', '--set=training.steps=3000', '--jobs=2'];
      const child = spawn(process.execPath, [BIN, 'sweep', ...long, '--out', signal], { cwd: folder, stdio: 'ignore' });
      const closed = new Promise((done) => child.on('close', done));
      const runs = ['0-seed=0', '1-seed=1'].map((name) => join(folder, signal, name));
      // Until they have locked their folders and trained some steps.
      const all = async (condition: (run: string) => Promise<boolean>) => {
        while (!(await Promise.all(runs.map(condition))).every(Boolean))
          await new Promise((done) => setTimeout(done, 50));
      };
      await all(async (run) =>
        (await readFile(join(run, 'metrics.jsonl'), 'utf8').catch(() => '')).includes('"step":5,'),
      );
      child.kill(signal);
      await closed;
      // A run that ends releases its folder.
      await all(async (run) => !(await readdir(run)).includes('lock'));
      for (const run of runs) {
        const files = await readdir(run);
        expect(files).toContain('model.safetensors');
        expect(files).not.toContain('finished.json');
      }
    },
  );

  it('starts every run from one model, and refuses a changed one', async () => {
    const [small, run] = [[...SMALL, '--set=training.steps=2'], join(folder, 'from')];
    expect(await tagger('train', 'shapes-quick', ...small, '--out=source')).toMatchObject({ code: 0 });
    const still = [
      '--seeds=0..1',
      '--from=source',
      '--set=training.optimizer.learningRate=1e-30',
      '--set=training.ema=null',
    ];
    const { code, stderr } = await sweep('shapes-quick', ...small, ...still, '--out=from');
    expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' });
    const weights = async (path: string) =>
      decodeSafetensors(await readFile(join(folder, path, 'model.safetensors'))).tensors['W_h'];
    // A negligible learning rate, so that the runs end where they started.
    for (const seed of [0, 1]) expect(await weights(`from/${seed}-seed=${seed}`)).toEqual(await weights('source'));
    const config = JSON.parse(await readFile(join(run, '1-seed=1', 'config.json'), 'utf8'));
    expect(config.from.model).toBe(join(folder, 'source', 'model.safetensors'));

    await rm(join(run, '1-seed=1'), { recursive: true });
    expect(await sweep('from', '--threads=1')).toMatchObject({ code: 0 });
    await rm(join(run, '1-seed=1'), { recursive: true });
    const source = join(folder, 'source', 'model.safetensors');
    const { tensors, metadata } = decodeSafetensors(await readFile(source));
    await writeFile(source, encodeSafetensors(tensors, { metadata: { ...metadata, recipe: 'another' } }));
    expect(await failure('sweep', 'from', '--threads=1')).toMatchObject({ code: 'RUN_FOLDER', exitCode: 1 });
  }, 180_000);

  it('waits for a process elsewhere that no longer renews its lock, and says so', async () => {
    const lease = 'elsewhere,1,,0123456789abcdef,1700000000,300,0123456789abcdef,000000000';
    await mkdir(join(folder, 'mine/lock'));
    await writeFile(join(folder, 'mine/lock', lease), '');
    expect(await sweep('mine', '--threads', '1')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('elsewhere'),
    });
    expect(await readdir(join(folder, 'mine'))).not.toContain('lock');
  });

  it('reports a run whose folder is damaged, and trains the others', async () => {
    const small = ['shapes-quick', ...SMALL.slice(0, -1), '--seeds=0..1', '--set=training.steps=1', '--out=damaged'];
    expect(await sweep(...small, '--dry-run')).toMatchObject({ code: 0 });
    await mkdir(join(folder, 'damaged/0-seed=0'));
    await writeFile(join(folder, 'damaged/0-seed=0/config.json'), '{');
    const { code, stderr } = await sweep('damaged', '--threads=1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/1\/2 0-seed=0: failed:/);
    expect(await readdir(join(folder, 'damaged/1-seed=1'))).toContain('finished.json');
    expect(await readdir(join(folder, 'damaged'))).not.toContain('lock');
  });

  it('reports a failed run with its log, and trains the others', async () => {
    const { code, stdout, stderr } = await sweep(
      'shapes-quick', ...SMALL, '--seeds', '0', '--set', 'training.steps=1', '--set', 'model.core.mapping.type=ladder,./nowhere.mjs', '--out', 'failing',
    ); // prettier-ignore
    expect(code).toBe(1);
    expect(stderr).toMatch(/1-type=\._nowhere\.mjs-seed=0: failed with exit code 2; see failing\/1-type=/);
    expect(await readFile(join(folder, 'failing', '1-type=._nowhere.mjs-seed=0.log'), 'utf8')).toContain('nowhere.mjs');
    expect(stdout).toMatch(/AMI at iteration/);
  });
});
