// Custom data. Runs each command of the built package in its own process.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { shapes } from '@taggerjs/datasets';
import { decodeNpz, encodeNpy } from '@taggerjs/weights';

import { runTagger } from './testing/command';
import { openSession } from './testing/command-session';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-data-'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger, failure } = session;

const SMALL = [
  '--training.steps=2',
  '--training.batchSize=10',
  '--model.core.hiddenSize=20',
  '--model.core.mapping.sizes=[10,5]',
  '--evaluation.examples=10',
  '--threads=1',
];
const arraysOf = async (name: string) => decodeNpz(new Uint8Array(await readFile(join(folder, name))));

describe('tagger data', () => {
  it('writes the images of Shapes', async () => {
    const { code, stdout } = await tagger('data', 'shapes', '--out', 'shapes.npz', '--sizes', '60,20,10', '--seed', '3', '--compress'); // prettier-ignore
    expect(code).toBe(0);
    expect(stdout).toMatch(/train_inputs +U8 +\(60, 20, 20\)/);
    const arrays = await arraysOf('shapes.npz');
    const { inputs, segments, labels } = await shapes({ split: 'test', size: 10, seed: 3 }).examples([
      ...Array(10).keys(),
    ]);
    expect(arrays['test_inputs']).toEqual({ dtype: 'U8', shape: [10, 20, 20], data: Uint8Array.from(inputs) });
    expect(arrays['test_segments']).toEqual({ dtype: 'U8', shape: [10, 20, 20], data: segments });
    expect(arrays['test_labels']).toEqual({ dtype: 'U8', shape: [10, 3], data: labels });
    expect(arrays['validation_inputs']?.shape).toEqual([20, 20, 20]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes textured MNIST that trains the same model as the data of the recipe', async () => {
    expect(await tagger('data', 'texture-mnist-2', '--out', 'tm2.npz', '--sizes', '40,10,10', '--json')).toMatchObject({ code: 0 }); // prettier-ignore
    const { train_inputs: inputs, train_labels: labels } = await arraysOf('tm2.npz');
    expect(inputs).toMatchObject({ dtype: 'F32', shape: [40, 28, 28] });
    expect(labels?.shape).toEqual([40, 2]);
    const own = await tagger('train', 'texture-mnist-2-small', ...SMALL, '--data', 'tm2.npz', '--out', 'own', '--quiet'); // prettier-ignore
    expect(own).toMatchObject({ code: 0 });
    const sizes = '--data.sizes={"train":40,"validation":10,"test":10}';
    expect(await tagger('train', 'texture-mnist-2-small', ...SMALL, sizes, '--out', 'recipe', '--quiet')).toMatchObject({ code: 0 }); // prettier-ignore
    const [one, other] = await Promise.all(
      ['own', 'recipe'].map((run) => readFile(join(folder, run, 'model.safetensors'))),
    );
    expect(one!.equals(other!)).toBe(true);
    const { code, stdout } = await tagger('evaluate', 'own', '--json', '--threads=1');
    expect(code).toBe(0);
    const scores = JSON.parse(stdout) as { examples: number; iterations: { ami: number }[] };
    expect(scores.examples).toBe(10);
    expect(scores.iterations.map(({ ami }) => typeof ami)).toEqual(Array(5).fill('number'));
  });

  it.each([
    ['tetrominoes', 14],
    ['multi-dsprites', 16],
  ])('writes smaller images of %s', async (kind, side) => {
    const words = ['data', kind, `--side=${side}`, `--out=${kind}.npz`, '--sizes=2,1,1', '--json'];
    expect(await tagger(...words)).toMatchObject({ code: 0 });
    expect((await arraysOf(`${kind}.npz`))['train_inputs']?.shape).toEqual([2, side, side, 3]);
  });

  it.each(['texture-mnist-1', 'texture-mnist-2'])(
    'draws a dozen of %s, as the documentation shows them',
    async (kind) => {
      expect(await tagger('data', kind, '--picture', `${kind}.svg`)).toEqual({
        code: 0,
        stdout: `${kind}.svg\n`,
        stderr: '',
      });
      const [drawn, documented] = await Promise.all(
        [join(folder, `${kind}.svg`), join(__dirname, `../../../docs/public/${kind}.svg`)].map((path) =>
          readFile(path, 'utf8'),
        ),
      );
      expect(drawn!.match(/data-panel="segments"/g)).toHaveLength(12);
      expect(drawn).toBe(documented);
    },
  );

  it('draws the requested number of images, also as PNG and next to the file', async () => {
    const words = [
      'data',
      'shapes',
      '--out=both.npz',
      '--sizes=10,5,5',
      '--picture=three.png',
      '--examples=3',
      '--json',
    ];
    const { code, stdout } = await tagger(...words);
    expect({ code, written: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      written: { file: 'both.npz', picture: 'three.png' },
    });
    expect((await readFile(join(folder, 'three.png'))).subarray(1, 4).toString()).toBe('PNG');
  });

  it('leaves no file if MNIST is missing', async () => {
    expect(await failure('data', 'mnist', '--out', 'y.npz', '--mnist', '.')).toMatchObject({
      code: 'INPUT',
      exitCode: 1,
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('y.npz'))).toEqual([]);
  });
});

describe('tagger train --data', () => {
  it('turns gray values into zeros and ones with a threshold', async () => {
    const data = Float32Array.from({ length: 40 * 16 }, (_, i) => (i % 10) / 10);
    await writeFile(join(folder, 'grey.npy'), encodeNpy({ dtype: 'F32', shape: [40, 4, 4], data }));
    const train = ['train', 'shapes-quick', ...SMALL, '--evaluation.examples=4', '--data', 'grey.npy', '--quiet'];
    expect(await failure(...train, '--out', 'grey')).toMatchObject({ code: 'INPUT', exitCode: 1 });
    expect(await tagger(...train, '--out', 'bits', '--data.threshold=0.5')).toMatchObject({ code: 0 });
  });

  it.each([NaN, Infinity])('refuses %d in the images, and names the file and the example', async (planted) => {
    const data = Float32Array.from({ length: 40 * 16 }, (_, i) => i % 2);
    data[17 * 16 + 5] = planted;
    const name = `${planted}.npy`;
    await writeFile(join(folder, name), encodeNpy({ dtype: 'F32', shape: [40, 4, 4], data }));
    const train = ['train', 'texture-mnist-2-small', ...SMALL, '--evaluation.examples=4', '--data', name];
    const { code, stdout, stderr } = await tagger(...train, '--out', 'planted');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`${name}.*(example|image) 17\\b`, 's'));
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(folder)).not.toContain('planted');
  });

  it('refuses to resume a run if its data changed but their size did not', async () => {
    const data = Uint8Array.from({ length: 40 * 16 }, (_, i) => Number(i % 3 === 0));
    // In every example, because some are held out for tests.
    const change = () => data.forEach((value, i) => i % 16 === 5 && (data[i] = 1 - value));
    const write = () => writeFile(join(folder, 'changing.npy'), encodeNpy({ dtype: 'U8', shape: [40, 4, 4], data }));
    await write();
    const train = [
      'train',
      'shapes-quick',
      ...SMALL,
      '--evaluation.examples=4',
      '--data',
      'changing.npy',
      '--out',
      'changing',
    ];
    expect(await tagger(...train)).toMatchObject({ code: 0 });
    await rm(join(folder, 'changing', 'finished.json'));
    change();
    await write();
    // In processes of their own, because one process reads a data file once.
    const refused = await runTagger(folder, ['resume', 'changing', '--json']);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'RUN_FOLDER', exitCode: 1 } });
    expect(refused.stderr).toContain('changing.npy');
    change();
    await write();
    expect(await runTagger(folder, ['resume', 'changing'])).toMatchObject({ code: 0 });
  });

  it('names the damaged file and the position', async () => {
    const whole = await readFile(join(folder, 'shapes.npz'));
    await writeFile(join(folder, 'cut.npz'), whole.subarray(0, whole.length - 30));
    expect(await failure('train', 'shapes-quick', ...SMALL, '--data', 'cut.npz')).toMatchObject({
      code: 'INPUT',
      message: expect.stringContaining('cut.npz'),
    });
  });
});
