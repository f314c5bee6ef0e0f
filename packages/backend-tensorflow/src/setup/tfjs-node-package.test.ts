import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from './run-command';
import { fetchTfjsNode } from './tfjs-node-package';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'taggerjs-tfjs-node-'));
});
afterEach(() => rm(root, { recursive: true }));

const fetchFrom = (place: string) =>
  fetchTfjsNode('cpu', join(root, 'target'), { given: join(root, place), signal: undefined });

/** Makes the folder of a package. */
async function make(manifest: string) {
  for (const part of ['binding', 'dist']) await mkdir(join(root, 'package', part), { recursive: true });
  await writeFile(join(root, 'package/dist/index.js'), 'the module');
  await writeFile(join(root, 'package/package.json'), manifest);
}
/** Packs it as npm does. */
const pack = () => runCommand('tar', ['-czf', join(root, 'package.tgz'), '-C', root, 'package'], { advice: '' });

const ours = JSON.stringify({ name: '@tensorflow/tfjs-node', version: '4.22.0' });

it.each(['package', 'package.tgz'])('takes a folder or a tarball (%s)', async (place) => {
  await make(ours);
  await pack();
  expect(await fetchFrom(place)).toEqual({ name: '@tensorflow/tfjs-node@4.22.0', from: join(root, place) });
  expect(await readFile(join(root, 'target/dist/index.js'), 'utf8')).toBe('the module');
});

it('refuses a place where nothing is', () =>
  expect(fetchFrom('nothing')).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: `--tfjs-node: ${join(root, 'nothing')} does not exist.`,
  }));

it('says what a folder lacks', async () => {
  await make(ours);
  await rm(join(root, 'package/binding'), { recursive: true });
  await expect(fetchFrom('package')).rejects.toMatchObject({
    code: 'INVALID_FILE',
    message: expect.stringMatching(/package is not the folder of @tensorflow\/tfjs-node: it lacks binding\.$/),
  });
});

it.each([
  ['{ "name": "@tensorflow/tfjs-node", "version": "3.9.0" }', 'is @tensorflow/tfjs-node 3.9.0'],
  ['{ "name": "@tensorflow/tfjs-node-x", "version": "4.22.0" }', 'is @tensorflow/tfjs-node-x 4.22.0'],
  ['null', 'has no readable package.json'],
  ['{ "name": ', 'has no readable package.json'],
])('refuses another package, of %s', async (manifest, what) => {
  await make(manifest);
  await pack();
  for (const place of ['package', 'package.tgz']) {
    await expect(fetchFrom(place)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: `${join(root, place)} ${what}, expected @tensorflow/tfjs-node 4.`,
    });
  }
});
