// A Tagger that classifies names its classes wherever it shows groups.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeNpy } from '@taggerjs/weights';

import type { RankedClass } from './scores/ranked-classes';
import { openSession } from './testing/command-session';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-classes-'));
  const trained = await tagger(
    'train',
    'texture-mnist-2-classify-small',
    '--data.sizes={"train":100,"validation":20,"test":20}',
    '--model.core.hiddenSize=12',
    '--model.core.mapping.sizes=[8,11]',
    '--training.steps=2',
    '--training.batchSize=5',
    '--training.classification.labels=10',
    '--training.classification.batchSize=5',
    '--evaluation.examples=10',
    '--threads=1',
    '--quiet',
    '--out=run',
  );
  expect(trained).toMatchObject({ code: 0 });
}, 60_000);
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger } = session;

/** All ten classes, the most probable first, with probabilities that sum to one. */
function expectRanked(classes: readonly RankedClass[]): void {
  expect(classes.map(({ class: index }) => index).sort()).toEqual([...Array(10).keys()]);
  const probabilities = classes.map(({ probability }) => probability);
  expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
  expect(probabilities.reduce((sum, probability) => sum + probability)).toBeCloseTo(1, 5);
}

it('tagger show names the classes in captions, in JSON and in the report', async () => {
  const { code, stdout } = await tagger('show', 'run', '--select=3,7', '--out=shown', '--json', '--threads=1');
  expect(code).toBe(0);
  const { examples } = JSON.parse(stdout) as { examples: { classes: RankedClass[]; labels: number[] }[] };
  expect(examples).toHaveLength(2);
  for (const { classes, labels } of examples) {
    expectRanked(classes);
    expect(labels).toHaveLength(2);
  }
  const { classes, labels } = examples[1]!;
  const caption = new RegExp(`>class ${classes[0]!.class} \\(\\d+ %\\)[^<]*; true: ${labels.join(', ')}<`);
  expect(await readFile(join(folder, 'shown.svg'), 'utf8')).toMatch(caption);

  expect(await tagger('show', 'run', '--report', '--select=7', '--of=10', '--threads=1')).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'run/report.html'), 'utf8')).toMatch(
    new RegExp(`>test 7, class ${classes[0]!.class} \\(\\d+ %\\)[^<]*; true: ${labels.join(', ')}<`),
  );
});

it('tagger group names the classes of each image without labels', async () => {
  const data = Float32Array.from({ length: 2 * 784 }, (_, i) => ((i * (i < 784 ? 7 : 11)) % 29) / 28);
  await writeFile(join(folder, 'two.npy'), encodeNpy({ dtype: 'F32', shape: [2, 28, 28], data }));
  const together = await tagger('group', 'run', 'two.npy', '--json', '--threads=1');
  expect(together).toMatchObject({ code: 0 });
  const { images } = JSON.parse(together.stdout) as { images: { classes: RankedClass[] }[] };
  images.forEach(({ classes }) => expectRanked(classes));
  expect(JSON.parse(await readFile(join(folder, 'groups/two-1.json'), 'utf8'))).toMatchObject({
    classes: images[1]!.classes,
  });
  await writeFile(join(folder, 'second.npy'), encodeNpy({ dtype: 'F32', shape: [28, 28], data: data.slice(784) }));
  const alone = await tagger('group', 'run', 'second.npy', '--threads=1');
  expect(alone.stdout).toMatch(
    new RegExp(
      `cost -?\\d+\\.\\d{4}, class ${images[1]!.classes[0]!.class} \\(\\d+ %\\).*; groups/second-segments.png`,
    ),
  );
  const batch = await tagger('group', 'run', 'two.npy', '--statistics=batch', '--json', '--threads=1');
  const rows = (JSON.parse(batch.stdout) as { images: { classes: RankedClass[] }[] }).images;
  rows.forEach(({ classes }) => expectRanked(classes));
});
