import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { machineName } from '../installation/staging';
import { makeLibtensorflow } from '../testing/make-libtensorflow';
import { main } from './main';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taggerjs-setup-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const status = await main(args, { print: (line) => lines.push(line), printError: (line) => errors.push(line) });
  return { status, printed: lines.join('\n'), error: errors.join('\n') };
}

/** Runs the command in an empty folder, and expects it to leave nothing there. */
async function fail(...args: string[]) {
  const end = await run('--folder', join(folder, 'root'), ...args);
  expect(await readdir(join(folder, 'root')).catch(() => [])).toEqual([]);
  return end;
}

it('prints its options and its version', async () => {
  const { status, printed } = await run('--help');
  expect(status).toBe(0);
  expect((await run('--version')).printed).toMatch(/^\d+\.\d+\.\d+$/);
  expect(printed).toMatch(/--cuda .*--wheel FILE.*--libtensorflow PLACE/s);
});

it.each([
  [['--gpu'], '--gpu'],
  [['extra'], 'extra'],
  [['--cuda-libraries', 'none'], 'cudaLibraries'],
  [['--wheel', 'x.whl', '--libtensorflow', '/x'], 'wheel and libtensorflow'],
  [['--libtensorflow', '/nowhere'], '/nowhere'],
  [['--tfjs-node', '/nowhere/tfjs-node.tgz'], '/nowhere/tfjs-node.tgz'],
  [['--cuda-libraries', 'fetch'], '--cuda'],
])('refuses %j with status 2, and names %s', async (args, named) => {
  const { status, error } = await fail(...args);
  expect([status, error]).toEqual([2, expect.stringContaining(named)]);
});

const onX64 = process.arch === 'x64' ? it : it.skip;
onX64('refuses to download libraries of CUDA for a C library, which names none', async () => {
  const { status, error } = await fail('--cuda', '--libtensorflow', folder, '--cuda-libraries', 'fetch');
  expect([status, error]).toEqual([2, expect.stringContaining('Install CUDA on the system')]);
});

onX64('refuses a C library built without CUDA for --cuda', async () => {
  const tensorflow = join(folder, 'tensorflow');
  await makeLibtensorflow(tensorflow, "('is_cuda_build', False)");
  const { status, error } = await fail('--cuda', '--libtensorflow', tensorflow);
  expect([status, error]).toEqual([2, expect.stringContaining('without CUDA')]);
});

it('says what to install if Python is missing, and leaves nothing', async () => {
  const { status, error } = await fail('--python', 'no-such-python');
  expect(status).toBe(1);
  expect(error).toMatch(/no-such-python.*python3-pip.*--wheel/);
});

it('shows the message of pip if it fails, and leaves nothing', async () => {
  const python = join(folder, 'python');
  await writeFile(python, '#!/bin/sh\necho "ERROR: No matching distribution found for $*" >&2\nexit 1\n', {
    mode: 0o755,
  });
  const { status, error } = await fail('--python', python, '--tensorflow', '9.9.9');
  expect(status).toBe(1);
  expect(error).toMatch(/No matching distribution found.*tensorflow-cpu==9\.9\.9/s);
});

it('lists the files that a folder of TensorFlow must have, and leaves nothing', async () => {
  await mkdir(join(folder, 'lib'));
  const { status, error } = await fail('--libtensorflow', folder);
  expect([status, error]).toEqual([1, expect.stringMatching(/must have libtensorflow\.so\.2.*c_api\.h/)]);
});

it('shows the answer of the server if a URL has nothing, and leaves nothing', async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/libtensorflow.tar.gz`;
  const { status, error } = await fail('--libtensorflow', address);
  server.close();
  expect([status, error]).toEqual([1, expect.stringContaining('HTTP 404 Not Found')]);
});

it('removes what a killed setup left, but nothing of a running one', async () => {
  const staging = (id: number) => `.setup-${id}-${machineName()}-abcdef`;
  await mkdir(join(folder, 'root', staging(999_999_999)), { recursive: true });
  await mkdir(join(folder, 'root', staging(process.ppid)));
  await run('--folder', join(folder, 'root'), '--libtensorflow', '/nowhere');
  expect(await readdir(join(folder, 'root'))).toEqual([staging(process.ppid)]);
});

it('does not keep listening for signals', async () => {
  const before = process.listenerCount('SIGINT');
  await run('--help');
  expect(process.listenerCount('SIGINT')).toBe(before);
});
