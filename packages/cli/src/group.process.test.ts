import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decode } from 'fast-png';

import { runTagger } from './testing/command';
import { writeSmallModel } from './testing/small-model';

const FIXTURES = join(__dirname, '../fixtures');
let folder: string;
beforeAll(async () => {
  // A folder that contains only a model file and images written by another program.
  folder = await mkdtemp(join(tmpdir(), 'tagger-group-'));
  await writeSmallModel(join(folder, 'model.safetensors'));
  for (const name of ['bits.png', 'batch.npy', 'transparent.png'])
    await copyFile(join(FIXTURES, name), join(folder, name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const group = (...args: string[]) => runTagger(folder, ['group', 'model.safetensors', ...args, '--threads', '1']);

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

  it('groups with batch statistics if a model is not calibrated', async () => {
    await writeSmallModel(join(folder, 'batch.safetensors'), { norm: 'batch' });
    const args = ['group', 'batch.safetensors', 'batch.npy', '--out', 'batch', '--threads', '1'];
    expect(await runTagger(folder, args)).toMatchObject({ code: 1, stderr: expect.stringMatching(/calibrat/) });
    const { code, stdout } = await runTagger(folder, [...args, '--statistics', 'batch', '--json']);
    expect({ code, images: JSON.parse(stdout).images }).toMatchObject({ code: 0, images: [{ costOf: 'batch' }, {}] });
  });

  it('explains what to do with a transparent image', async () => {
    const { code, stdout, stderr } = await group('transparent.png');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/Save it without transparency/);
  });
});
