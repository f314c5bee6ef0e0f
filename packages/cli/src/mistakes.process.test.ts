// Every command and option as a new user gets it wrong: each is answered with the right exit code and with what to write
// instead, and leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getRecipe } from '@taggerjs/recipes';
import { decodeSafetensors, encodeNpy, encodeSafetensors } from '@taggerjs/weights';
import { encode } from 'fast-png';

import { BIN, runTagger, type CommandResult } from './testing/command';
import { TINY } from './testing/kill-run';
import { runLines } from './testing/run-lines';

/** A command line, its exit code, and what the answer says. */
type Row = readonly [line: string, code: number, says: RegExp];

/*
 * What lies in the folder: run (a training of one step), model.safetensors (its model), begun (a run without a model),
 * classes (a run of a classifier), broken (a run whose config.json is no JSON), sweep (one that was begun), folder (empty),
 * endless.safetensors and crowded.safetensors (its model, said to have 10^9 iterations, or groups), text.txt, nothing (an empty file), array.json, bare.json ({}), tall.png (20 x 21 pixels), wrong.npy (of shape (3, 5)).
 */
const ROWS: readonly Row[] = [
  ['', 2, /Say what to do: train, resume, evaluate.*`tagger --help`/s],
  ['trian', 2, /There is no command 'trian'\. Did you mean train\?/],
  ['frobnicate', 2, /There is no command 'frobnicate'\. There are train, resume, evaluate/],
  ['--bacth', 2, /tagger --help/],

  ['train', 2, /Say which recipe.*tagger train shapes-quick/],
  ['train shapes-quik', 2, /There is no recipe 'shapes-quik'.*Did you mean 'shapes-quick'\?/],
  ['train shapes-quick more', 2, /'more' is one word too many/],
  ['train shapes-quick --bacth 3', 2, /There is no option --bacth.*--training\.batchSize 50/],
  ['train shapes-quick --thread 3', 2, /There is no option --thread\. Did you mean --threads\?/],
  ['train shapes-quick --thraeds=3', 2, /There is no option --thraeds\. Did you mean --threads\?/],
  ['group run tall.png --trust-module', 2, /There is no option --trust-module\. Did you mean --trust-modules\?/],
  ['evaluate run --itertions 3', 2, /There is no option --itertions\. Did you mean --iterations\?/],
  ['evaluate run --frobnicate', 2, /There is no option --frobnicate\.\nRun `tagger evaluate --help`/],
  ['train shapes-quick --steps', 2, /--steps needs a value/],
  ['train shapes-quick --steps --quiet', 2, /--steps needs a value/],
  ['train shapes-quick --seed=', 2, /--seed needs a value/],
  ['train shapes-quick --quiet=much', 2, /--quiet takes no value, or true or false; not 'much'/],
  ['train shapes-quick --threads', 2, /--threads needs a value/],
  ['train shapes-quick --steps many', 2, /--steps takes a whole number of at least 1/],
  ['train shapes-quick --steps 0', 2, /--steps takes a whole number of at least 1, not 0/],
  ['train shapes-quick --steps 1.5', 2, /--steps takes a whole number of at least 1, not 1\.5/],
  ['train shapes-quick --minutes 0', 2, /--minutes takes a number above 0, not 0/],
  ['train shapes-quick --seed two', 2, /--seed takes a number/],
  ['train shapes-quick --steps 1 --steps 2', 2, /--steps is given more than once/],
  ['train shapes-quick --steps 1 --training.steps 2', 2, /'training\.steps' is given twice: .* --steps/],
  ['train shapes-quick --out', 2, /--out needs a value/],
  ['train shapes-quick --training.batchSize', 2, /--training\.batchSize needs a value/],
  ['train shapes-quick --training.batchsize=3', 2, /training\.batchsize.*did you mean training\.batchSize/s],
  ['train shapes-quick --training.batchSize=many', 2, /training\.batchSize: expected a whole number/],
  ['train shapes-quick --training.batchSize=100000', 2, /expected at most data\.sizes\.train/],
  ['train shapes-quick --set', 2, /--set needs a value: --set training\.batchSize=50/],
  ['train shapes-quick --set batchSize', 2, /--set takes PATH=VALUE/],
  ['train shapes-quick --set model.core=5', 2, /model\.core: expected/],
  ['train shapes-quick --threads 0', 2, /--threads takes a whole number of at least 1, not 0/],
  ['train shapes-quick --backend gpu', 2, /--backend must be wasm, .* or cpu, not 'gpu'/],
  ['train shapes-quick --backend=tensorflw', 2, /--backend must be .*, not 'tensorflw'\. Did you mean tensorflow\?/],
  ['train shapes-quick --backend cpu --threads 2', 2, /--backend cpu computes with one thread/],
  ['train shapes-quick --backend webgpu --threads 2', 2, /--backend webgpu computes on the GPU\. Leave --threads out/],
  ['train nowhere.json', 2, /recipe file 'nowhere\.json' cannot be read.*Named recipes are: shapes-quick/],
  ['train text.txt', 2, /recipe file 'text\.txt' cannot be read.*JSON/],
  ['train array.json', 2, /the recipe: expected an object/],
  ['train bare.json', 2, /data: expected/],
  ['train ./folder', 2, /'\.\/folder' is a folder, not a recipe.*Named recipes are/],
  ['train ./run', 2, /'\.\/run' is a folder, not a recipe.*tagger resume \.\/run/],
  [
    'train ladder-mnist-100 --evaluation.groups 3',
    2,
    /one of a classifier, to which 'evaluation\.groups' means nothing/,
  ],
  [
    'train ladder-mnist-100 --training.classification.labels 50010',
    2,
    /learns 50010 labels .* has 50000 examples .*--training\.classification\.labels 50000 or less/,
  ],
  ['train ladder-mnist-100 --training.classification.labels 101', 2, /101 examples .* do not divide among 10 classes/],
  ['train ladder-mnist-100 --from run', 2, /--from takes the weights of a Tagger/],
  ['train shapes-quick --from nowhere', 1, /There is no 'nowhere'.*folder of a run.*model file/],
  ['train shapes-quick --from text.txt', 1, /'text\.txt' is no model file/],
  ['train shapes-quick --from folder', 1, /'folder' is no run: it has no config\.json/],
  ['train shapes-quick --from classes', 2, /'classes' is a run of a classifier/],
  ['train shapes-quick --from run', 2, /--from run: .*shape/],
  ['train shapes-quick --data nowhere.npz', 1, /nowhere\.npz.*(no such file|ENOENT)/],
  ['train shapes-quick --data text.txt', 1, /text\.txt.*begins as none of the files that are read here/],
  ['train shapes-quick --data nothing', 1, /nothing.*/],
  ['train shapes-quick --data folder', 1, /folder.*PNG/],
  ['train shapes-quick --data tall.png', 1, /tall\.png.*one image\. Give the folder/],
  [
    'train shapes-quick --data wrong.npy',
    2,
    /wrong\.npy.* examples to train on, fewer than the 50 of a batch\. Give --training\.batchSize/,
  ],
  ['train shapes-quick --out run', 1, /'.*run' holds a run already.*--out.*tagger resume/],
  ['train shapes-quick --out text.txt', 1, /The folder '.*text\.txt' cannot be made/],
  ['train shapes-quick --out text.txt/run', 1, /The folder '.*text\.txt\/run' cannot be made/],
  ['train shapes-quick --out /proc/run', 1, /The folder '\/proc\/run' cannot be made/],
  ['train shapes-quick --tensorboard text.txt', 1, /The folder 'text\.txt' cannot be made/],

  ['resume', 2, /Say which run.*tagger resume runs\/mine/],
  ['resume nowhere', 1, /'nowhere' is no run: there is no such folder/],
  ['resume text.txt', 1, /'text\.txt' is no run: it is a file/],
  ['resume folder', 1, /'folder' is no run: it has no config\.json/],
  ['resume sweep', 1, /'sweep' is no run: it is a sweep, whose runs are the folders in it/],
  ['resume broken', 1, /config\.json' cannot be read/],
  [
    'resume begun --training.steps 5',
    2,
    /'training\.steps' is a value of a recipe, which `tagger resume` does not take/,
  ],
  ['resume begun more', 2, /'more' is one word too many/],

  ['evaluate', 2, /Say which run/],
  ['evaluate nowhere', 1, /'nowhere' is no run/],
  ['evaluate model.safetensors', 1, /'model\.safetensors' is no run: it is a file/],
  ['evaluate begun', 1, /'begun' has no model yet.*tagger resume begun.*--checkpoint last/],
  ['evaluate run --examples 0', 2, /--examples takes a whole number of at least 1, not 0/],
  ['evaluate run --iterations 0', 2, /--iterations takes a whole number of at least 1, not 0/],
  ['evaluate run --groups 300', 2, /--groups takes a whole number from 1 to 256, not 300/],
  ['evaluate run --split tset', 2, /--split must be train, validation or test, not 'tset'\. Did you mean test\?/],
  ['evaluate run --statistics none', 2, /--statistics must be batch or calibrated, not 'none'/],
  ['evaluate run --checkpoint worst', 2, /--checkpoint takes best, last, or a step such as 2000, not 'worst'/],
  ['evaluate run --checkpoint 7', 1, /no checkpoint of step 7 .*there are those of step/],
  ['evaluate classes --iterations 3', 2, /'classes' is a classifier.*leave out --iterations/],
  ['evaluate classes --groups 3 --seed 1', 2, /leave out --groups and --seed/],

  ['show', 2, /Say which run/],
  ['show folder', 1, /'folder' is no run/],
  ['show run --examples 0', 2, /--examples takes a whole number of at least 1/],
  ['show run --select some', 2, /--select: expected 'first', 'random', or different numbers/],
  ['show run --select 99', 2, /from 0 to 7.*not '99'/],
  ['show run --select 1,2 --examples 2', 2, /names the examples: leave out --examples/],
  ['show run --of 3', 2, /--of .*--report/],
  ['show run --figures folder', 2, /--figures .*--report/],
  ['show run --report --figures', 2, /--figures needs a value/],
  ['show run --report --figures text.txt', 1, /The folder 'text\.txt' cannot be made/],
  ['show run --out nowhere/figure', 1, /there is no folder 'nowhere'/],
  ['show run --report --out text.txt/report', 1, /'text\.txt' is a file, not a folder/],
  ['show classes', 1, /'classes' has no model yet/],
  ['show classes --groups 3', 2, /'classes' is a classifier, which has no groups .*leave out --groups/],
  ['show classes --seed 3', 2, /leave out --seed/],
  ['show classes --report --select random', 2, /leave out --select/],

  ['group', 2, /Say which model and which images/],
  ['group run', 2, /Say which model and which images/],
  ['group nowhere tall.png', 1, /There is no 'nowhere'/],
  ['group text.txt tall.png', 1, /'text\.txt' is no model file/],
  ['group nothing tall.png', 1, /'nothing' is no model file/],
  ['group folder tall.png', 1, /'folder' is no run/],
  ['group classes tall.png', 1, /'classes' has no model yet/],
  ['group run nowhere.png', 1, /'nowhere\.png' cannot be read/],
  ['group run folder', 1, /'folder' cannot be read/],
  ['group run text.txt', 1, /'text\.txt' is neither a PNG image nor an \.npy array/],
  ['group run nothing', 1, /'nothing' is empty/],
  ['group run tall.png', 1, /'tall\.png' is 20 x 21 pixels \(width x height\), but the model takes 20 x 20/],
  ['group run wrong.npy', 1, /'wrong\.npy' is an array of shape \(3, 5\), but the model takes \(20, 20\)/],
  ['group run -', 1, /'standard input' is empty/],
  ['group run - -', 2, /Standard input, -, can be read only once/],
  ['group run tall.png --scale 0', 2, /--scale takes a whole number from 1 to 100, not 0/],
  ['group run tall.png --threshold half', 2, /--threshold takes a number/],
  ['group model.safetensors tall.png --checkpoint last', 2, /'model\.safetensors' is a model file/],
  ['group run zeros.npy --out text.txt', 1, /The folder 'text\.txt' cannot be made/],

  ['compare', 2, /Say which runs/],
  ['compare run nowhere', 1, /'nowhere' is no run/],
  ['compare begun', 1, /None of the runs was evaluated/],
  ['compare run --out nowhere/curves', 1, /there is no folder 'nowhere'/],

  ['export', 2, /Say which run, and where to write/],
  ['group endless.safetensors zeros.npy', 2, /iterations must be at most 1000, not 1000000000/],
  ['group crowded.safetensors zeros.npy', 2, /groups must be at most 256, not 1000000000/],
  ['export run', 2, /--out is missing.*tagger export runs\/mine --out/],
  ['export nowhere --out x.safetensors', 1, /There is no 'nowhere'/],
  ['export text.txt --out x.safetensors', 1, /'text\.txt' is no model file/],
  ['export begun --out x.safetensors', 1, /'begun' has no model yet/],
  ['export classes --out x.safetensors', 2, /'classes' is a run of a classifier/],
  ['export run --out folder', 1, /'folder' cannot be written: it is a folder/],
  ['export run --out nowhere/x.safetensors', 1, /there is no folder 'nowhere'\. Make it first/],
  ['export run --out text.txt/x.safetensors', 1, /'text\.txt' is a file, not a folder/],
  ['export run --out x.safetensors --dtype int8', 2, /--dtype must be float32 or float16, not 'int8'/],

  ['convert', 2, /Say which file, its recipe, and where to write/],
  ['convert nowhere.npz', 2, /--recipe and --out are missing/],
  ['convert nowhere.npz --recipe shapes-paper --out x.safetensors', 1, /'nowhere\.npz' cannot be read/],
  ['convert folder --recipe shapes-paper --out x.safetensors', 1, /'folder' cannot be read/],
  ['convert text.txt --recipe shapes-papre --out x.safetensors', 2, /Did you mean 'shapes-paper'\?/],
  ['convert text.txt --recipe ladder-mnist-100 --out x.safetensors', 2, /one of a classifier/],
  ['convert text.txt --recipe shapes-paper --out folder', 1, /'folder' cannot be written: it is a folder/],

  ['sweep', 2, /Say which recipe/],
  ['sweep shapes-quik', 2, /Did you mean 'shapes-quick'\?/],
  ['sweep shapes-quick --seeds two', 2, /--seeds takes numbers such as 0\.\.19 or 0,3,7, not 'two'/],
  ['sweep shapes-quick --jobs 0', 2, /--jobs takes a whole number of at least 1, not 0/],
  ['sweep shapes-quick --set training.batchsize=3', 2, /did you mean training\.batchSize/],
  ['sweep shapes-quick --set training.seed=1,2', 2, /seeds of a sweep are given by --seeds/],
  ['sweep shapes-quick --from nowhere', 1, /There is no 'nowhere'/],
  ['sweep ladder-mnist-100 --from run', 2, /--from takes the weights of a Tagger/],
  ['sweep sweep --seeds 3', 2, /'sweep' is a sweep that was begun, whose runs are planned: leave out --seeds/],
  ['sweep sweep --set training.steps=3', 2, /leave out training\.steps/],
  ['sweep shapes-quick --backend cpu --threads 2', 2, /--backend cpu computes with one thread/],
  ['sweep sweep --backend cpu', 2, /whose runs are computed with --backend wasm, .* leave out --backend cpu/],
  ['sweep shapes-quick --out text.txt', 1, /The folder '.*text\.txt' cannot be made/],

  ['metrics', 2, /Say which run/],
  ['metrics nowhere', 1, /'nowhere' is no run/],
  ['metrics run --tensorboard text.txt', 1, /The folder 'text\.txt' cannot be made/],

  ['data', 2, /Say which data, and where to write/],
  ['data shapes', 2, /Say what to write: --out shapes\.npz, or --picture shapes\.svg/],
  ['data shapes --picture x.gif', 2, /--picture names an \.svg or a \.png file/],
  ['data shapes --picture nowhere/x.svg', 1, /there is no folder 'nowhere'/],
  ['data shapes --picture x.svg --examples 0', 2, /--examples takes a whole number of at least 1, not 0/],
  ['data shapes --out x.npz --examples 3', 2, /name a file for them: --picture/],
  ['data cats --out x.npz', 2, /kind must be shapes, mnist, .* or texture-mnist-2, not 'cats'\.\n/],
  ['data shaps --out x.npz', 2, /kind must be .*, not 'shaps'\. Did you mean shapes\?/],
  ['data shapes --out x.npy', 2, /--out names an \.npz file, such as shapes\.npz, not 'x\.npy'/],
  ['data shapes --out x.npz --sizes 5,0,5', 2, /--sizes takes three whole numbers of at least 1/],
  ['data mnist --out x.npz --sizes 5,5,5', 2, /MNIST has its own size; leave --sizes out/],
  ['data shapes --out x.npz --mnist folder', 2, /Shapes need no MNIST; leave --mnist out/],
  ['data mnist --out x.npz --seed 3', 2, /MNIST is not drawn by chance; leave --seed out/],
  ['data mnist --out x.npz --mnist nowhere', 1, /nowhere/],
  ['data mnist --out x.npz --mnist folder', 1, /expected the four files of MNIST/],
  ['data shapes --out nowhere/x.npz', 1, /there is no folder 'nowhere'/],

  ['parity --backends none', 2, /--backends: .*none/],
  ['parity --backends cpu,cpu', 2, /--backends names a backend twice/],
  ['parity --mapping ./nowhere.mjs', 2, /nowhere\.mjs' cannot be imported/],
  ['parity --out nowhere/report.html', 1, /there is no folder 'nowhere'/],

  ['recipes shapes-quik', 2, /Did you mean 'shapes-quick'\?/],
  ['info --backend gpu', 2, /--backend must be .* not 'gpu'/],
  ['info more', 2, /'more' is one word too many/],
];

let folder: string;
let before: string[];
let results: CommandResult[];
const listing = async () => (await readdir(folder, { recursive: true })).sort();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-mistakes-'));
  const train = ['train', 'shapes-quick', ...TINY, '--training.steps=1', '--threads=1', '--out=run'];
  expect(await runTagger(folder, train)).toMatchObject({ code: 0 });
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
  await writeFile(at('wrong.npy'), encodeNpy({ dtype: 'U8', shape: [3, 5], data: new Uint8Array(15) }));
  await writeFile(at('zeros.npy'), encodeNpy({ dtype: 'U8', shape: [20, 20], data: new Uint8Array(400) }));
  await writeFile(at('tall.png'), encode({ width: 20, height: 21, depth: 8, channels: 1, data: new Uint8Array(420) }));

  before = await listing();
  results = await runLines(folder, ROWS.map(([line]) => wordsOf(line))); // prettier-ignore
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const wordsOf = (line: string) => line.split(' ').filter((word) => word !== '');

it.each(ROWS.map((row, i) => [...row, i] as const))('tagger %s: exit code %i', (_, code, says, i) => {
  const { stdout, stderr, code: ended } = results[i]!;
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^tagger: /m);
  expect({ ended, stdout }).toEqual({ ended: code, stdout: '' });
  // No place in the code, no name that users do not know.
  expect(stderr).not.toMatch(/\n\s+at |undefined|\[object|TypeError/);
});

it.each([
  ['', 2, /Say what to do/],
  ['train shapes-quick --steps many', 2, /--steps takes a whole number/],
  ['train shapes-quick --from text.txt', 1, /'text\.txt' is no model file/],
  ['evaluate nowhere', 1, /is no run/],
  ['group run -', 1, /'standard input' is empty/],
])('tagger %s ends so as a process of its own, too', async (line, code, says) => {
  expect(await runTagger(folder, wordsOf(line))).toEqual({ code, stdout: '', stderr: expect.stringMatching(says) });
});

it.each([
  ['evaluate nowhere --json', 1, 'RUN_FOLDER', /is no run/],
  ['train shapes-quick --bacth 3 --json', 2, 'USAGE', /--bacth/],
  ['train shapes-quick --training.batchSize=many --json', 2, 'INVALID_RECIPE', /whole number/],
  ['group run wrong.npy --json', 1, 'INPUT', /shape \(3, 5\)/],
  ['export run --out nowhere/x --json', 1, 'FILE', /no folder 'nowhere'/],
])('tagger %s: says what went wrong as JSON too', async (line, exitCode, code, message) => {
  const { stdout, stderr, code: ended } = await runTagger(folder, wordsOf(line));
  expect(ended).toBe(exitCode);
  expect(JSON.parse(stdout)).toEqual({ error: { code, message: expect.stringMatching(message), exitCode } });
  expect(stderr).toMatch(message);
});

it('says how to set TensorFlow up where that is not done', async () => {
  const env = { TAGGERJS_TENSORFLOW: join(folder, 'nowhere') };
  const words = ['train', 'shapes-quick', '--backend', 'tensorflow', '--out', 'new'];
  const { code, stdout, stderr } = await runTagger(folder, words, { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^tagger: useTensorflow: TensorFlow is not set up .* Run `npx taggerjs-setup-tensorflow` once/,
  );
});

it('says it in English, as all else, whatever the language of the shell', () => {
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'evaluate', 'run', '--split', 'tset'], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' },
  });
  expect(stderr).toContain("--split must be train, validation or test, not 'tset'. Did you mean test?");
  expect(status).toBe(2);
});

it('takes a closed standard input for an empty one', () => {
  const command = `"${process.execPath}" "${BIN}" group run - <&-`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/'standard input' is empty/) });
});

it('none of them writes anything, or leaves a file half written', async () => {
  expect(await listing()).toEqual(before);
});
