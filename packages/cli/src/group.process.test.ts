import { copyFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeSafetensors } from '@taggerjs/weights';
import { decode } from 'fast-png';

import { runTagger } from './testing/command';
import { openSession } from './testing/command-session';
import { TINY } from './testing/kill-run';

const FIXTURES = join(__dirname, '../fixtures');
let folder: string;
beforeAll(async () => {
  // A folder that contains only a model file and images written by another program.
  folder = await mkdtemp(join(tmpdir(), 'tagger-group-'));
  expect(
    await tagger('train', 'shapes-quick', ...TINY, '--training.steps=1', '--threads=1', '--out=run'),
  ).toMatchObject({ code: 0 });
  await copyFile(join(folder, 'run', 'model.safetensors'), join(folder, 'model.safetensors'));
  await rm(join(folder, 'run'), { recursive: true });
  for (const name of ['bits.png', 'batch.npy', 'transparent.png'])
    await copyFile(join(FIXTURES, name), join(folder, name));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger, failure } = session;

const group = (...args: string[]) => tagger('group', 'model.safetensors', ...args, '--threads', '1');

describe('tagger group', () => {
  it('writes segments, labels and JSON for each image', async () => {
    const { code, stdout, stderr } = await group('bits.png', 'batch.npy', '--groups', '3', '--scale', '2');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^bits\.png: \d of 3 groups used, elements( \d+){3}, cost 0\.\d{4}; groups\/bits-segments\.png$/,
      ),
      expect.stringMatching(/^batch\.npy \[0\]: /),
      expect.stringMatching(/^batch\.npy \[1\]: /),
    ]);
    expect((await readdir(join(folder, 'groups'))).sort()).toEqual(
      ['batch-0', 'batch-1', 'bits'].flatMap((name) => [`${name}-labels.png`, `${name}-segments.png`, `${name}.json`]),
    );

    const result = JSON.parse(await readFile(join(folder, 'groups', 'bits.json'), 'utf8'));
    expect(result).toMatchObject({ source: 'bits.png', groups: 3, seed: 0, costOf: 'image' });
    expect(result.iterations).toHaveLength(3);
    const labels = decode(await readFile(join(folder, 'groups', 'bits-labels.png')));
    expect(labels).toMatchObject({ width: 20, height: 20, channels: 1, depth: 8 });
    const sizes = [0, 1, 2].map((k) => labels.data.filter((label: number) => label === k).length);
    expect(result.sizes).toEqual(sizes);
    expect(result.iterations.at(-1).sizes).toEqual(sizes);
    const segments = decode(await readFile(join(folder, 'groups', 'bits-segments.png')));
    expect(segments).toMatchObject({ width: 40, height: 40, channels: 3, depth: 8 });
    // The first element covers 2 x 2 pixels in the color of its group: sky blue, vermilion or yellow.
    const color = [[86, 180, 233], [213, 94, 0], [232, 218, 46]][labels.data[0] as number]; // prettier-ignore
    for (const pixel of [0, 1, 40, 41]) expect([...segments.data.subarray(3 * pixel, 3 * pixel + 3)]).toEqual(color);
  });

  it('groups an image independently of the others, and reads standard input', async () => {
    const piped = await runTagger(folder, ['group', 'model.safetensors', '-', '--json', '--out', 'piped'], {
      input: await readFile(join(folder, 'batch.npy')),
    });
    expect(piped).toMatchObject({ code: 0, stderr: '' });
    const alone = await group('bits.png', '--json', '--out', 'alone');
    const [first, second] = JSON.parse(piped.stdout).images;
    const [image] = JSON.parse(alone.stdout).images;
    expect(first).toMatchObject({ source: '-', index: 0, sizes: image.sizes, cost: image.cost });
    expect(second).toMatchObject({ source: '-', index: 1, files: { json: join('piped', 'stdin-1.json') } });
  });

  it('refuses a transparent image', async () => {
    expect(await failure('group', 'model.safetensors', 'transparent.png')).toMatchObject({
      code: 'INPUT',
      exitCode: 1,
    });
  });
});

it('tagger export writes the parameters as float32 or float16, in a file that groups', async () => {
  const exported = (...args: string[]) => tagger('export', 'model.safetensors', ...args, '--threads=1');
  expect(await exported('--out=whole.safetensors')).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout } = await exported('--out=half.safetensors', '--dtype=float16', '--json');
  const { size } = await stat(join(folder, 'half.safetensors'));
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, dtype: 'float16', bytes: size });
  const tensorsOf = async (name: string) => decodeSafetensors(await readFile(join(folder, name))).tensors;
  expect(await tensorsOf('whole.safetensors')).toEqual(await tensorsOf('model.safetensors'));
  expect(Object.values(await tensorsOf('half.safetensors')).every(({ dtype }) => dtype === 'F16')).toBe(true);
  expect(await tagger('group', 'half.safetensors', 'bits.png', '--threads=1')).toMatchObject({ code: 0 });
});
