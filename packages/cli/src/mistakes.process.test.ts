// Mistakes that a command finds when it runs: checks the exit code, the error code, and that no files are left behind.
// `command-line/mistakes.test.ts` tests mistakes that parsing finds.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getRecipe, overrideRecipe } from '@taggerjs/recipes';
import { decodeSafetensors, encodeNpy, encodeSafetensors } from '@taggerjs/weights';
import { encode } from 'fast-png';

import { BIN, runTagger } from './testing/command';
import { TINY } from './testing/kill-run';
import { openSession } from './testing/command-session';

/*
 * Command lines by error code and exit code. The folder contains: run (a training of one step), model.safetensors
 * (its model), begun (a run without a model), classes (a run of a classifier), broken (a run with a damaged config.json),
 * sweep, folder (empty), endless.safetensors and crowded.safetensors (models that claim 10^9 iterations or groups), text.txt,
 * nothing (an empty file), array.json, bare.json ({}), small.json (a recipe with few images), tall.png (20 x 21 pixels), wrong.npy (shape (3, 5)), zeros.npy.
 */
const MISTAKES: Readonly<Record<string, readonly string[]>> = {
  'USAGE 2': [
    'train shapes-quick --steps 1 --training.steps 2',
    'train shapes-quick --backend cpu --threads 2',
    'train shapes-quick --precision bfloat16',
    'train shapes-quick --backend webgpu --threads 2',
    'train nowhere.json',
    'train text.txt',
    'train ./folder',
    'train ./run',
    'train ladder-mnist-100 --evaluation.groups 3',
    'train ladder-mnist-100 --from run',
    'evaluate classes --iterations 3',
    'evaluate classes --groups 3 --seed 1',
    'show run --select some',
    'show run --select 99',
    'show run --select 1,2 --examples 2',
    'show run --of 3',
    'show run --figures folder',
    'show classes --groups 3',
    'show classes --seed 3',
    'show classes --report --select random',
    'show classes --view winner',
    'show run --report --view winner',
    'show pretrained:shapes --report',
    'evaluate pretrained:shapes --checkpoint best',
    'demo classes',
    'group run - -',
    'convert text.txt --recipe ladder-mnist-100 --out x.safetensors',
    'sweep shapes-quick --seeds two',
    'sweep shapes-quick --set training.seed=1,2',
    'sweep ladder-mnist-100 --from run',
    'sweep sweep --seeds 3',
    'sweep sweep --set training.steps=3',
    'sweep shapes-quick --backend cpu --threads 2',
    'sweep sweep --backend cpu',
    'data shapes',
    'data shapes --picture x.gif',
    'data shapes --out x.npz --examples 3',
    'data shapes --out x.npy',
    'data mnist --out x.npz --sizes 5,5,5',
    'data shapes --out x.npz --mnist folder',
    'data mnist --out x.npz --seed 3',
    'parity --backends none',
    'parity --backends cpu,wasm:0',
    'parity --cases noise,nothing',
    'parity --import ./missing.mjs',
    'parity --backends cpu,cpu',
  ],
  'UNKNOWN_RECIPE 2': ['train shapes-quik', 'convert text.txt --recipe shapes-papre --out x.safetensors'],
  'UNKNOWN_MODEL 2': [
    'pretrained shape',
    'demo pretrained:none',
    'evaluate pretrained:shape',
    'show pretrained:shape',
    'group pretrained:shape tall.png',
    'export pretrained: --out x.safetensors',
    'train small.json --from pretrained:shape',
    'sweep small.json --from pretrained:shape',
  ],
  'UNKNOWN_PATH 2': ['train shapes-quick --training.batchsize=3', 'sweep shapes-quick --set training.batchsize=3'],
  'INVALID_RECIPE 2': [
    'train shapes-quick --training.batchSize=many',
    'train shapes-quick --training.batchSize=100000',
    'train shapes-quick --set model.core=5',
    'train array.json',
    'train bare.json',
  ],
  'FILE 1': [
    'train small.json --from nowhere',
    'train small.json --out text.txt',
    'train small.json --out text.txt/run',
    'train small.json --out /proc/run',
    'train small.json --tensorboard text.txt',
    'show run --report --figures text.txt',
    'show run --out nowhere/figure',
    'show run --report --out text.txt/report',
    'group nowhere tall.png',
    'group run nowhere.png',
    'group run folder',
    'group run zeros.npy --out text.txt',
    'compare run --out nowhere/curves',
    'export nowhere --out x.safetensors',
    'export run --out folder',
    'export run --out nowhere/x.safetensors',
    'export run --out text.txt/x.safetensors',
    'convert nowhere.npz --recipe shapes-paper --out x.safetensors',
    'convert folder --recipe shapes-paper --out x.safetensors',
    'convert text.txt --recipe shapes-paper --out folder',
    'sweep shapes-quick --from nowhere',
    'sweep shapes-quick --out text.txt',
    'metrics run --tensorboard text.txt',
    'data shapes --picture nowhere/x.svg',
    'data shapes --out nowhere/x.npz',
    'parity --out nowhere/report.html',
  ],
  'INPUT 1': [
    'train small.json --from text.txt',
    'train shapes-quick --data nowhere.npz',
    'train shapes-quick --data text.txt',
    'train shapes-quick --data nothing',
    'train shapes-quick --data folder',
    'train shapes-quick --data tall.png',
    'group text.txt tall.png',
    'group nothing tall.png',
    'group run text.txt',
    'group run nothing',
    'group run tall.png',
    'group run wrong.npy',
    'group run -',
    'export text.txt --out x.safetensors',
    'data mnist --out x.npz --mnist nowhere',
    'data mnist --out x.npz --mnist folder',
  ],
  'RUN_FOLDER 1': [
    'train small.json --from folder',
    'train small.json --from classes',
    'export classes --out x.safetensors',
    'train small.json --out run',
    'resume nowhere',
    'resume text.txt',
    'resume folder',
    'resume sweep',
    'resume broken',
    'evaluate nowhere',
    'evaluate model.safetensors',
    'evaluate begun',
    'evaluate run --checkpoint 7',
    'show classes',
    'group folder tall.png',
    'group classes tall.png',
    'compare run nowhere',
    'compare begun',
    'export begun --out x.safetensors',
    'metrics nowhere',
  ],
  'INVALID_OPTION 2': [
    'group endless.safetensors zeros.npy',
    'group crowded.safetensors zeros.npy',
    'train shapes-quick --data wrong.npy',
    'group model.safetensors tall.png --checkpoint last',
    'train ladder-mnist-100 --training.classification.labels 101',
    'train ladder-mnist-100 --training.classification.labels 50010',
    'train small.json --from run',
  ],
  'UNKNOWN_TYPE 2': ['parity --mapping ./nowhere.mjs'],
};
const ROWS = Object.entries(MISTAKES).flatMap(([outcome, lines]) => {
  const [code, exitCode] = outcome.split(' ') as [string, string];
  return lines.map((line) => ({ line, code, exitCode: Number(exitCode) }));
});

let folder: string;
let before: string[];
const session = openSession(() => folder);
const listing = async () => (await readdir(folder, { recursive: true })).sort();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-mistakes-'));
  const train = ['train', 'shapes-quick', ...TINY, '--training.steps=1', '--threads=1', '--out=run'];
  expect(await session.tagger(...train)).toMatchObject({ code: 0 });
  const at = (...names: string[]) => join(folder, ...names);
  await cp(at('run', 'model.safetensors'), at('model.safetensors'));
  for (const name of ['folder', 'begun', 'classes', 'broken', 'sweep']) await mkdir(at(name));
  await cp(at('run', 'config.json'), at('begun', 'config.json'));
  const config = { version: '0', started: '', environment: {}, baseFolder: '.', recipe: getRecipe('ladder-mnist-100') };
  await writeFile(at('classes', 'config.json'), JSON.stringify(config));
  await writeFile(at('broken', 'config.json'), '{"version":');
  await writeFile(at('sweep', 'sweep.json'), JSON.stringify({ version: '0', recipe: 'shapes-quick', runs: [] }));
  const model = decodeSafetensors(await readFile(at('model.safetensors')));
  for (const [name, claim] of [
    ['endless', { iterations: 1e9 }],
    ['crowded', { groups: 1e9 }],
  ] as const) {
    const config = JSON.stringify({ ...JSON.parse(model.metadata['config']!), ...claim });
    const bytes = encodeSafetensors(model.tensors, { metadata: { ...model.metadata, config } });
    await writeFile(at(`${name}.safetensors`), bytes);
  }
  await writeFile(at('text.txt'), 'Neither an image nor a model.');
  await writeFile(at('nothing'), '');
  await writeFile(at('array.json'), '[1, 2]');
  await writeFile(at('bare.json'), '{}');
  const small = {
    'data.sizes': { train: 40, validation: 8, test: 8 },
    'training.batchSize': 4,
    'evaluation.examples': 4,
  };
  await writeFile(at('small.json'), JSON.stringify(overrideRecipe(getRecipe('shapes-quick'), small)));
  await writeFile(at('wrong.npy'), encodeNpy({ dtype: 'U8', shape: [3, 5], data: new Uint8Array(15) }));
  await writeFile(at('zeros.npy'), encodeNpy({ dtype: 'U8', shape: [20, 20], data: new Uint8Array(400) }));
  await writeFile(at('tall.png'), encode({ width: 20, height: 21, depth: 8, channels: 1, data: new Uint8Array(420) }));

  before = await listing();
}, 120_000);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

it.each(ROWS)('tagger $line: $code', async ({ line, code, exitCode }) => {
  const [command = '', ...words] = line.split(' ');
  const { stdout, stderr, code: ended } = await session.tagger(command, '--json', ...words);
  const { error } = JSON.parse(stdout) as { error: { message: string } };
  expect({ ended, error }).toEqual({ ended: exitCode, error: { code, exitCode, message: expect.any(String) } });
  expect(stderr).toBe(`tagger: ${error.message}\n`);
});

it('asks for the set-up command if TensorFlow is not set up', async () => {
  const env = { TAGGERJS_TENSORFLOW: join(folder, 'nowhere') };
  const words = ['train', 'shapes-quick', '--backend', 'tensorflow', '--out', 'new'];
  const { code, stdout, stderr } = await runTagger(folder, words, { env });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('npx taggerjs-setup-tensorflow');
});

it('treats a closed standard input as empty', () => {
  const command = `"${process.execPath}" "${BIN}" group run - --json <&-`;
  const { status, stdout } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  expect({ status, error: JSON.parse(stdout).error }).toMatchObject({ status: 1, error: { code: 'INPUT' } });
});

it('leaves no file behind after any of these mistakes', async () => {
  expect(await listing()).toEqual(before);
});
