// Groups images drawn by another program with the pretrained model of Shapes. Part of `npm run test:all`.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { adjustedMutualInformation } from '@taggerjs/metrics';
import { decode } from 'fast-png';

import { runTagger } from './testing/command';

const FIXTURES = join(__dirname, '../fixtures/shapes');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-shapes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("Shapes of Pillow's rectangles and polygons", () => {
  it('are grouped better by the pretrained model than by image quadrants', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'));
    const images = (await readdir(FIXTURES)).filter((name) => /^\d+\.png$/.test(name)).sort();
    expect(images.length).toBe(24);
    const paths = images.map((name) => join(FIXTURES, name));

    const grouped = await runTagger(empty, ['group', 'pretrained:shapes', ...paths, '--iterations=5', '--out=groups']);
    expect(grouped).toMatchObject({ code: 0, stderr: '' });
    const quarters = Uint8Array.from({ length: 400 }, (_, n) => Number(n % 20 >= 10) + 2 * Number(n >= 200));
    const sums = { model: 0, quarters: 0 };
    for (const name of images) {
      const stem = name.replace('.png', '');
      const { data: truth } = decode(await readFile(join(FIXTURES, `${stem}-segments.png`)));
      const { data: labels } = decode(await readFile(join(empty, 'groups', `${stem}-labels.png`)));
      expect(labels.length).toBe(400);
      // Background and overlap are 255 and not counted.
      sums.model += adjustedMutualInformation(truth as Uint8Array, labels as Uint8Array);
      sums.quarters += adjustedMutualInformation(truth as Uint8Array, quarters);
    }
    const model = sums.model / images.length;
    const trivial = sums.quarters / images.length;
    console.log(`AMI ${model.toFixed(3)} over ${images.length} images; of quarters ${trivial.toFixed(3)}`);
    expect(model).toBeGreaterThan(trivial);
  }, 300_000);
});
