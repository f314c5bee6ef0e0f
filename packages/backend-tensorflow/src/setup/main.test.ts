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

/** Runs it in an empty folder, and expects that nothing is left there. */
async function fail(...args: string[]) {
  const end = await run('--folder', join(folder, 'root'), ...args);
  expect(await readdir(join(folder, 'root')).catch(() => [])).toEqual([]);
  return end;
}

it('lists its options, and says its version', async () => {
  const { status, printed } = await run('--help');
  expect(status).toBe(0);
  expect((await run('--version')).printed).toMatch(/^\d+\.\d+\.\d+$/);
  expect(printed).toMatch(/--cuda .*--wheel FILE.*--libtensorflow PLACE/s);
});

it.each([
  [['--gpu'], /Unknown option '--gpu'.*--help lists the options/],
  [['extra'], /Unexpected argument 'extra'/],
  [['--cuda-libraries', 'none'], /cudaLibraries must be 'auto', 'system' or 'fetch'; it is none/],
  [['--wheel', 'x.whl', '--libtensorflow', '/x'], /two sources of TensorFlow; give one/],
  [['--libtensorflow', '/nowhere'], /there is nothing at \/nowhere/],
  [['--tfjs-node', '/nowhere/tfjs-node.tgz'], /--tfjs-node: there is nothing at \/nowhere\/tfjs-node\.tgz/],
  [['--cuda-libraries', 'fetch'], /'fetch' is for TensorFlow with CUDA; give .*--cuda/],
])('refuses %j with status 2', async (args, message) => {
  const { status, error } = await fail(...args);
  expect([status, error]).toEqual([2, expect.stringMatching(message)]);
});

const onX64 = process.arch === 'x64' ? it : it.skip;
onX64('refuses to fetch libraries of CUDA for a C library, which names none', async () => {
  const { status, error } = await fail('--cuda', '--libtensorflow', folder, '--cuda-libraries', 'fetch');
  expect([status, error]).toEqual([2, expect.stringMatching(/libtensorflow names none\. Install CUDA on the system/)]);
});

onX64('refuses a C library that says it was built without CUDA where one with it was asked for', async () => {
  const tensorflow = join(folder, 'tensorflow');
  await makeLibtensorflow(tensorflow, "('is_cuda_build', False)");
  const { status, error } = await fail('--cuda', '--libtensorflow', tensorflow);
  expect([status, error]).toEqual([2, expect.stringMatching(/\/tensorflow is a TensorFlow without CUDA\. Give one/)]);
});

it('says what to install where Python is missing, and leaves nothing', async () => {
  const { status, error } = await fail('--python', 'no-such-python');
  expect(status).toBe(1);
  expect(error).toMatch(/The command no-such-python is not there\..*python3-pip.*--wheel/);
});

it('shows what pip says where it fails, and leaves nothing', async () => {
  const python = join(folder, 'python');
  await writeFile(python, '#!/bin/sh\necho "ERROR: No matching distribution found for $*" >&2\nexit 1\n', {
    mode: 0o755,
  });
  const { status, error } = await fail('--python', python, '--tensorflow', '9.9.9');
  expect(status).toBe(1);
  expect(error).toMatch(/failed \(1\):.*No matching distribution found.*tensorflow-cpu==9\.9\.9/s);
});

it('says what a folder of TensorFlow must have, and leaves nothing', async () => {
  await mkdir(join(folder, 'lib'));
  const { status, error } = await fail('--libtensorflow', folder);
  expect([status, error]).toEqual([1, expect.stringMatching(/must have libtensorflow\.so\.2.*c_api\.h/)]);
});

it('says what came where an address has nothing, and leaves nothing', async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/libtensorflow.tar.gz`;
  const { status, error } = await fail('--libtensorflow', address);
  server.close();
  expect([status, error]).toEqual([1, expect.stringMatching(/cannot be fetched: HTTP 404 Not Found/)]);
});

it('removes what a setup left that was killed, and nothing of one that runs', async () => {
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
