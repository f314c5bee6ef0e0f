// The command as users run it: pretrained models, and the demo of one.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pretrainedModels } from '@taggerjs/pretrained';
import { decodeSafetensors } from '@taggerjs/weights';

import { openSession } from './testing/command-session';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-pretrained-'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger } = session;
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await tagger(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};
const { shapes } = pretrainedModels;

describe('tagger pretrained', () => {
  it('lists the models, and prints the card of one', async () => {
    const { stdout } = await tagger('pretrained');
    for (const name of Object.keys(pretrainedModels)) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
    expect(await json('pretrained', 'shapes')).toEqual(shapes);
    expect(await json('pretrained')).toEqual(pretrainedModels);
    const card = await tagger('pretrained', 'shapes');
    expect(card.stdout).toContain(shapes.command);
  });
});

describe('a pretrained model', () => {
  it('is evaluated on the test images of its recipe', async () => {
    const { run, split, examples, iterations } = await json('evaluate', 'pretrained:shapes', '--examples=100');
    expect({ run, split, examples }).toEqual({ run: 'pretrained:shapes', split: 'test', examples: 100 });
    // The standard error of a hundred images is about 0.02.
    expect(Math.abs(iterations[4].ami - shapes.evaluation.ami[4]!)).toBeLessThan(0.08);
  });

  it('is shown, in the folder of the command', async () => {
    const { files, examples } = await json('show', 'pretrained:shapes', '--examples=2', '--view=winner');
    expect(files).toEqual(['show.svg', 'show.png']);
    expect(examples).toHaveLength(2);
    const svg = await readFile(join(folder, 'show.svg'), 'utf8');
    expect(svg.match(/data-panel="winners"/g)).toHaveLength(10);
    expect(svg).not.toContain('data-panel="overlay"');
  });

  it('is exported, in float32 if asked', async () => {
    await json('export', 'pretrained:shapes', '--out=mine.safetensors', '--dtype=float32');
    const { metadata, tensors } = decodeSafetensors(await readFile(join(folder, 'mine.safetensors')));
    expect(metadata['recipe']).toBe('shapes-quick');
    expect(new Set(Object.values(tensors).map(({ dtype }) => dtype))).toEqual(new Set(['F32']));
  });

  it('is where a training can start', async () => {
    const words = ['--from=pretrained:shapes', '--training.steps=1', '--training.batchSize=10', '--threads=1'];
    const small = ['--data.sizes={"train":20,"validation":20,"test":20}', '--evaluation.examples=20', '--out=run'];
    const { moments } = await json('train', 'shapes-small', ...words, ...small, '--quiet');
    expect(moments[0].iterations[4].ami).toBeGreaterThan(0.6);
    const { from } = JSON.parse(await readFile(join(folder, 'run/config.json'), 'utf8'));
    expect(from.sha256).toBe(shapes.sha256);
  });
});

describe('tagger demo', () => {
  it('groups new images: others at each call, the same with the same seed', async () => {
    const demo = (...args: string[]) => json('demo', '--examples=2', '--of=20', ...args);
    const [first, second] = [await demo(), await demo('--out=second')];
    expect(first).toMatchObject({ model: 'pretrained:shapes', examples: 20, files: ['demo.svg', 'demo.png'] });
    expect(second.seed).not.toBe(first.seed);
    expect(second.ami).not.toEqual(first.ami);
    const again = await demo(`--seed=${first.seed}`, '--out=again');
    expect(again.ami).toEqual(first.ami);
    expect(await readFile(join(folder, 'again.svg'), 'utf8')).toBe(await readFile(join(folder, 'demo.svg'), 'utf8'));
    expect(first.ami[4]).toBeGreaterThan(0.6);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['second.png', 'again.png']));
  });

  it('demonstrates textured digits and a run of your own', async () => {
    const textures = await json('demo', 'pretrained:texture-mnist-2', '--examples=1', '--of=20');
    expect(textures.ami[4]).toBeGreaterThan(0.3);
    expect(await json('demo', 'run', '--examples=1', '--of=5')).toMatchObject({ model: 'run', examples: 5 });
  });
});
