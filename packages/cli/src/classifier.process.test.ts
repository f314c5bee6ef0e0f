// The command as users run it, with a classifier recipe.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RankedClass } from './scores/ranked-classes';
import { openSession } from './testing/command-session';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-classifier-'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger, failure } = session;

/** The Ladder with a hundred labels, small enough to train in seconds. */
const SMALL = [
  'train',
  'ladder-mnist-100',
  '--model.network.sizes=[30]',
  '--model.network.costWeights=[10,1,0.1]',
  '--evaluation.examples=500',
  '--evaluation.everySteps=20',
  '--training.steps=40',
  '--training.optimizer.learningRate=0.02',
  '--threads=1',
];

/** The images embedded in an SVG, as PNG files. */
const parseSvgImages = (svg: string) =>
  [...svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g)].map(([, data]) => Buffer.from(data!, 'base64'));

describe('tagger with a classifier', () => {
  it('trains, keeps the best checkpoint, and measures the error on all test digits', async () => {
    const trained = await tagger(...SMALL, '--out=run', '--json');
    expect(trained).toMatchObject({ code: 0 });
    const { moments } = JSON.parse(trained.stdout) as {
      moments: { label: string; examples: number; classificationError: number; classificationCost: number }[];
    };
    expect(moments.map(({ label }) => label)).toEqual(['untrained', 'step 20', 'trained (40 steps)']);
    const [before, , after] = moments;
    expect(after!.examples).toBe(500);
    expect(after!.classificationError).toBeLessThan(before!.classificationError - 0.2);
    expect(after!.classificationCost).toBeLessThan(before!.classificationCost);

    const measured = await tagger('evaluate', 'run', '--json');
    expect(measured).toMatchObject({ code: 0 });
    const scores = JSON.parse(measured.stdout) as { examples: number; classificationError: number };
    expect(scores.examples).toBe(10_000);
    expect(Math.abs(scores.classificationError - after!.classificationError)).toBeLessThan(0.1);

    // The checkpoints of the end and of the best evaluation.
    const atEnd = await tagger('evaluate', 'run', '--checkpoint=last', '--examples=100', '--json');
    expect(JSON.parse(atEnd.stdout)).toMatchObject({
      checkpoint: 'last',
      examples: 100,
    });
    const best = await tagger('evaluate', 'run', '--checkpoint=best', '--examples=100', '--json');
    expect(best).toMatchObject({ code: 0 });
    const exported = ['export', 'run', '--out=x.safetensors', '--checkpoint=best'];
    expect(await tagger(...exported, '--dtype=float16')).toMatchObject({ code: 2 });
    expect(await tagger(...exported)).toMatchObject({ code: 0 });

    const shown = await tagger('evaluate', 'run', '--examples=300');
    expect(shown.stdout).toMatch(/classification error\n +test +\d+\.\d\d %/);
    const rows = await tagger('metrics', 'run');
    expect(rows.stdout.split('\n')[0]).toContain('evaluation/classificationError');
    // The selected images with their classes, as a picture and as JSON.
    const drawn = await tagger('show', 'run', '--select=3,17', '--out=shown', '--json', '--threads=1');
    expect(drawn).toMatchObject({ code: 0 });
    const { examples } = JSON.parse(drawn.stdout) as {
      examples: { index: number; classes: RankedClass[]; labels: number[] }[];
    };
    expect(examples.map(({ index }) => index)).toEqual([3, 17]);
    for (const { classes, labels } of examples) {
      expect(classes.map(({ class: index }) => index).sort()).toEqual([...Array(10).keys()]);
      expect(classes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
      expect(labels).toHaveLength(1);
    }
    const [first] = examples;
    const caption = new RegExp(`>test 3: ${first!.classes[0]!.class} \\(\\d+ %\\).*; true: ${first!.labels[0]}<`);
    expect(await readFile(join(folder, 'shown.svg'), 'utf8')).toMatch(caption);

    // The same image as a file gives the same classes, from the run and from its model file.
    const [image] = parseSvgImages(await readFile(join(folder, 'shown.svg'), 'utf8'));
    await writeFile(join(folder, 'three.png'), image!);
    for (const model of ['run', 'run/model.safetensors']) {
      const grouped = await tagger('group', model, 'three.png', '--threads=1', '--json');
      expect(grouped).toMatchObject({ code: 0 });
      const { images } = JSON.parse(grouped.stdout) as {
        images: { classes: RankedClass[]; files: { json: string } }[];
      };
      images[0]!.classes.forEach(({ class: index, probability }, i) => {
        expect(index).toBe(first!.classes[i]!.class);
        expect(probability).toBeCloseTo(first!.classes[i]!.probability, 3);
      });
      expect(JSON.parse(await readFile(join(folder, images[0]!.files.json), 'utf8'))).toEqual(images[0]);
    }
    const line = await tagger('group', 'run', 'three.png', '--threads=1');
    expect(line.stdout).toMatch(
      new RegExp(`^three\\.png: class ${first!.classes[0]!.class} .*; classes/three\\.json\n$`),
    );
    for (const option of ['--groups=3', '--iterations=2', '--seed=1', '--scale=2']) {
      expect(await failure('group', 'run', 'three.png', option)).toMatchObject({ code: 'USAGE', exitCode: 2 });
    }
    expect(await tagger('show', 'run', '--report', '--of=200')).toMatchObject({
      code: 0,
      stdout: 'run/report.html\n',
    });
    const report = await readFile(join(folder, 'run', 'report.html'), 'utf8');
    expect(report).toMatch(/<h2>Classes<\/h2>[^]*<figure data-name="confusion">[^]*<figure data-name="wrong">/);
    expect(report).not.toContain('<h2>Groups</h2>');
    // The small network misses some of two hundred digits. The report shows them, lowest probability of the true class first.
    const missed = [...report.matchAll(/>test \d+: (\d) \((\d+) %\)[^<]*; true: (\d)</g)].slice(0, 24);
    expect(missed.length).toBeGreaterThan(3);
    for (const [, found, , label] of missed) expect(found).not.toBe(label);
    const finished = await tagger('resume', 'run');
    expect(finished.stdout).toContain('has finished');
  });
});
