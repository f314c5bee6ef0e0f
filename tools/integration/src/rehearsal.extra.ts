// A release, rehearsed against a registry on this machine: publish all packages, install and use them, upgrade.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import ts from 'typescript';

import { PUBLISHED } from './empty-project';
import { fencesOf } from './fences';
import { startRegistry, type Registry } from './registry';
import { cloneForRelease, type ReleaseClone } from './release-clone';
import { cleanEnvironment, npm, run } from './shell';
import { publishablePackages, readManifest, workspaceRoot } from './workspace-packages';

const start = performance.now();
const say = (text: string) => process.stdout.write(`${text}\n`);
const sinceStart = () => `${((performance.now() - start) / 60_000).toFixed(1)} minutes`;

/** Trains in seconds, and learns next to nothing. */
const SMALL = [
  ...['--training.batchSize', '10', '--model.core.hiddenSize', '20', '--model.core.mapping.sizes', '[10]'],
  ...['--data.sizes', '{"train":200,"validation":20,"test":50}', '--evaluation.examples', '20'],
];
/** Megabytes that `npm install taggerjs` may take on disk. */
const { installed: BUDGET } = (
  JSON.parse(readFileSync(join(workspaceRoot, 'tools/workspace/size-budgets.json'), 'utf8')) as {
    taggerjs: { installed: number };
  }
).taggerjs;

let folder: string;
let registry: Registry;
let clone: ReleaseClone;
let version: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taggerjs-rehearsal-'));
  registry = await startRegistry(join(folder, 'registry'));
  Object.assign(process.env, registry.env, { [PUBLISHED]: '1' });
  clone = await cloneForRelease(join(folder, 'clone'));
  version = await clone.release();
  await clone.publish(registry.url);
  say(`Published ${publishablePackages().length} packages, version ${version}, after ${sinceStart()}.`);
}, 900_000);

let training: ChildProcess | undefined;

afterAll(async () => {
  training?.kill('SIGKILL');
  await registry?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  say(`The rehearsal took ${sinceStart()}.`);
});

// Each package alone, now from the registry.
import './integration.test';

/** An empty folder. */
const empty = (name: string) => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};
/** Runs npm or npx as a user does, and prints the command and what it printed. */
const user = async (cwd: string, command: 'npm' | 'npx', ...args: string[]) => {
  const output = await npm(args, { cwd, seconds: 300 }, command);
  say(`$ ${command} ${args.join(' ')}\n${output.stderr}${output.stdout}`);
  return output;
};
const versionIn = (project: string, name: string) => readManifest(join(project, 'node_modules', name)).version;

test('npm install taggerjs, and the program of the quick start finds groups', async () => {
  const project = empty('first-groups');
  await user(project, 'npm', 'install', 'taggerjs', '@tensorflow/tfjs-core');
  expect(versionIn(project, 'taggerjs')).toBe(version);

  const files = readdirSync(join(project, 'node_modules'), { recursive: true, encoding: 'utf8', withFileTypes: true });
  const bytes = files.filter((file) => file.isFile()).map((file) => statSync(join(file.parentPath, file.name)).size);
  const megabytes = bytes.reduce((sum, size) => sum + size, 0) / 1e6;
  say(`npm install taggerjs: ${megabytes.toFixed(1)} MB in ${bytes.length} files, of at most ${BUDGET} MB.`);
  expect(megabytes).toBeLessThan(BUDGET);

  const [program] = fencesOf(readFileSync(join(workspaceRoot, 'docs/quick-start.md'), 'utf8')).filter(
    ({ language }) => language === 'ts',
  );
  const { outputText } = ts.transpileModule(program!.code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  writeFileSync(join(project, 'groups.mjs'), outputText);
  const { stdout } = await run(process.execPath, ['groups.mjs'], { cwd: project });
  say(`$ node groups.mjs\n${stdout}`);
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^[0-2]{192}$/);
});

test('npx @taggerjs/cli trains in an empty folder', async () => {
  const project = empty('npx');
  await user(
    project,
    'npx',
    '--yes',
    '@taggerjs/cli',
    'train',
    'shapes-quick',
    '--out',
    'run',
    '--steps',
    '5',
    ...SMALL,
  );
  expect(existsSync(join(project, 'run/model.safetensors'))).toBe(true);
});

test('a saved model and a begun run work after an upgrade', async () => {
  const project = empty('upgrade');
  const packages = ['taggerjs', '@taggerjs/cli'];
  const tagger = (...args: string[]) => npm(['--no', '--', 'tagger', ...args], { cwd: project, seconds: 300 }, 'npx');
  const evaluation = async () =>
    JSON.parse((await tagger('evaluate', 'trained', '--json')).stdout, (key, value: unknown) =>
      key === 'seconds' ? undefined : value,
    ) as unknown;
  const train = (out: string, ...args: string[]) => ['train', 'shapes-quick', '--out', out, ...SMALL, ...args];
  const stepsOf = (out: string) => readFileSync(join(project, out, 'metrics.jsonl'), 'utf8').match(/"step":\d+/g);

  await user(project, 'npm', 'install', ...packages, '@tensorflow/tfjs-core');
  await tagger(...train('trained', '--steps', '5'));
  const before = await evaluation();
  const command = join(
    project,
    'node_modules/@taggerjs/cli',
    readManifest(join(project, 'node_modules/@taggerjs/cli')).bin!['tagger']!,
  );
  // By fork, because a forked training ends if this process does.
  const child = fork(command, train('begun', '--steps', '400', '--checkpoint.everySteps', '20'), {
    ...{ cwd: project, env: cleanEnvironment(), execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  });
  training = child;
  const exited = once(child, 'exit');
  const checkpoints = join(project, 'begun/checkpoints');
  while (child.exitCode === null && !(existsSync(checkpoints) && readdirSync(checkpoints).length > 0))
    await setTimeout(50);
  child.kill('SIGKILL');
  await exited;
  expect(existsSync(join(project, 'begun/model.safetensors'))).toBe(false);

  await clone.change('metrics', 'fix(metrics): rehearse an upgrade');
  const next = await clone.release();
  expect(next).not.toBe(version);
  await clone.publish(registry.url);
  // As after a publish that stopped at its last package.
  await clone.publish(registry.url);
  await user(project, 'npm', 'install', ...packages.map((name) => `${name}@latest`));
  const own = readdirSync(join(project, 'node_modules/@taggerjs')).map((name) => `@taggerjs/${name}`);
  expect(own.map((name) => [name, versionIn(project, name)])).toEqual(own.map((name) => [name, next]));

  expect(await evaluation()).toEqual(before);
  const { stderr } = await tagger('resume', 'begun');
  say(`$ tagger resume begun\n${stderr}`);
  expect(stepsOf('begun')?.at(-1)).toBe('"step":400');
  expect(existsSync(join(project, 'begun/model.safetensors'))).toBe(true);
});
