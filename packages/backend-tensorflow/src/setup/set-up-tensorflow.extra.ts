// Runs the command as users do, in separate processes: from a folder, an archive and a package index on loopback; killed
// halfway; and with invalid input. TensorFlow itself is the one installed before the tests.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findInstallation, kernelsPlace, readInstallation, rootFolder } from '../installation/installation';
import type { Manifest } from '../installation/manifest';

/** The installation made before the tests: a folder with TensorFlow's libraries and headers. */
const installed = join(rootFolder(undefined), 'cpu');
const libtensorflow = join(installed, 'tensorflow');

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taggerjs-setup-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface SetUpEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
  readonly error: string;
}

/** Starts the command. */
function begin(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const flags = ['--conditions=@taggerjs/source', '--import', 'tsx', join(__dirname, 'run.ts')];
  const child = spawn(process.execPath, [...flags, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let [printed, error] = ['', ''];
  child.stdout.on('data', (text) => (printed += String(text)));
  child.stderr.on('data', (text) => (error += String(text)));
  const end = new Promise<SetUpEnd>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal, printed, error })),
  );
  return { child, end };
}

/** Runs the command. */
const setUp = (args: readonly string[], env?: NodeJS.ProcessEnv) => begin(args, env).end;

/** Runs the command, and sends it a signal when it compiles. */
function interrupt(args: readonly string[], signal: NodeJS.Signals): Promise<SetUpEnd> {
  const { child, end } = begin(args);
  child.stdout.on('data', (text) => {
    if (String(text).includes('Compiling')) child.kill(signal);
  });
  return end;
}

/** Serves on loopback. */
async function serve(listener: RequestListener): Promise<{ origin: string; close(): void }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const manifestOf = async (folder: string) => (await readInstallation(folder, 'cpu'))?.manifest as Manifest;

describe('a set-up', () => {
  const folder = () => join(root, 'folder');
  const inode = async () => (await stat(join(folder(), 'cpu/tensorflow/libtensorflow_framework.so.2'))).ino;

  it('that was killed while it compiled leaves no installation, and the next one completes', async () => {
    const args = ['--folder', folder(), '--libtensorflow', libtensorflow];
    const killed = await interrupt(args, 'SIGKILL');
    expect(killed).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(await readdir(folder())).toEqual([expect.stringMatching(/^\.setup-\d+-/)]);
    expect(await readInstallation(folder(), 'cpu')).toBeUndefined();

    const { status, printed, error } = await setUp(args);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(printed).toMatch(/Compiling.*computed a product.*is set up in/s);
    expect(await manifestOf(folder())).toMatchObject({ tensorflow: { source: libtensorflow } });
    expect(await readdir(folder())).toEqual(['cpu']);
    expect((await readdir(join(folder(), 'cpu'))).sort()).toEqual([
      'binding',
      'manifest.json',
      'tensorflow',
      'tfjs-node',
    ]);
  });

  it('that runs again keeps what works', async () => {
    const before = await inode();
    const { status, printed } = await setUp(['--folder', folder()]);
    expect([status, printed]).toEqual([0, expect.stringMatching(/ and works: nothing to do\.\n$/)]);
    expect(await inode()).toBe(before);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'that gets %s exits with status 130 and leaves only the previous installation',
    async (by) => {
      const before = [await inode(), await manifestOf(folder())];
      const args = ['--folder', folder(), '--libtensorflow', libtensorflow, '--force'];
      const { status, error } = await interrupt(args, by);
      expect([status, error]).toEqual([130, expect.stringContaining('Interrupted')]);
      expect(await readdir(folder())).toEqual(['cpu']);
      expect([await inode(), await manifestOf(folder())]).toEqual(before);
    },
  );

  it('that cannot compile keeps the existing installation', async () => {
    const before = await manifestOf(folder());
    const args = ['--folder', folder(), '--force', '--libtensorflow', libtensorflow];
    const { status, error } = await setUp(args, { CXX: 'no-such-compiler' });
    expect([status, error]).toEqual([1, expect.stringMatching(/no-such-compiler.*apt-get install g\+\+.*CXX/)]);
    expect(await manifestOf(folder())).toEqual(before);
    expect(await readdir(folder())).toEqual(['cpu']);
  });

  it('repairs a damaged installation, and keeps its TensorFlow', async () => {
    await writeFile(join(folder(), 'cpu/binding/taggerjs_tensorflow.node'), 'damaged');
    const before = [await inode(), await manifestOf(folder())];
    const { status, printed } = await setUp(['--folder', folder()]);
    expect([status, printed]).toEqual([0, expect.stringMatching(/does not work.*Keeping TensorFlow/s)]);
    expect([await inode(), await manifestOf(folder())]).toEqual(before);
  });

  it('does not keep an installation that computes wrongly', async () => {
    // A binding with wrong products: the sources of tfjs-node, with one added to every result.
    const source = join(root, 'tfjs-node');
    await mkdir(join(source, 'binding'), { recursive: true });
    for (const name of await readdir(join(installed, 'tfjs-node/binding'))) {
      await copyFile(join(installed, 'tfjs-node/binding', name), join(source, 'binding', name));
    }
    await mkdir(join(source, 'dist'));
    await copyFile(join(installed, 'tfjs-node/package.json'), join(source, 'package.json'));
    const backend = join(source, 'binding/tfjs_backend.cc');
    const text = await readFile(backend, 'utf8');
    const copied = 'memcpy(array_buffer_data, TF_TensorData(tensor.tensor), byte_length);';
    expect(text).toContain(copied);
    await writeFile(backend, text.replace(copied, `${copied} static_cast<float *>(array_buffer_data)[0] += 1;`));
    const wrong = join(root, 'wrong');
    const { status, error } = await setUp(['--folder', wrong, '--libtensorflow', libtensorflow, '--tfjs-node', source]);
    expect([status, error]).toEqual([1, expect.stringMatching(/The product is wrong at 0, 0/)]);
    expect(await readdir(wrong)).toEqual([]);
  });
});

describe('the kernels of a set-up', () => {
  const folder = () => join(root, 'kernels');
  const compiler = () => join(root, 'compiler');
  const library = (level: string) => join(folder(), 'cpu', kernelsPlace(level));
  const inode = async () => (await stat(join(folder(), 'cpu/tensorflow/libtensorflow_framework.so.2'))).ino;

  /** A compiler that copies what was compiled before the tests, to save time, and refuses some of it. */
  async function compileWith(refused = 'nothing'): Promise<NodeJS.ProcessEnv> {
    const script = `#!/bin/sh
case "$*" in
  --version) exec c++ --version;;
  *${refused}*) echo "cannot do that" >&2; exit 1;;
esac
for argument; do
  test "$previous" = -o && exec cp "${join(installed, 'binding')}/$(basename "$argument")" "$argument"
  previous=$argument
done
`;
    await writeFile(compiler(), script, { mode: 0o755 });
    return { CXX: compiler() };
  }

  it('are compiled for every processor level', async () => {
    const env = await compileWith();
    const { status, printed, error } = await setUp(['--folder', folder(), '--libtensorflow', libtensorflow], env);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(printed).toMatch(/Compiled the kernels for .*baseline\..*computed a product/s);
    const { kernels } = await manifestOf(folder());
    expect(kernels).toEqual({ levels: expect.arrayContaining(['baseline']) });
    for (const level of kernels?.levels ?? []) expect((await stat(library(level))).isFile()).toBe(true);
    const again = await setUp(['--folder', folder()], env);
    expect(again).toMatchObject({ status: 0, printed: expect.stringMatching(/and works: nothing to do\.\n$/) });
  });

  it('are added to an older installation, and its TensorFlow is kept', async () => {
    const env = await compileWith();
    const { kernels, ...before } = await manifestOf(folder());
    const made = await inode();
    for (const level of kernels?.levels ?? []) await rm(library(level));
    const older = { ...before, binding: { ...before.binding, hash: 'of other sources' } };
    await writeFile(join(folder(), 'cpu/manifest.json'), JSON.stringify(older));
    const { status, printed } = await setUp(['--folder', folder()], env);
    expect([status, printed]).toEqual([0, expect.stringMatching(/^Keeping TensorFlow.*Compiled the kernels/s)]);
    expect([await inode(), await manifestOf(folder())]).toEqual([made, { ...before, kernels }]);
  });

  it('are compiled again if they are damaged', async () => {
    const env = await compileWith();
    const before = await manifestOf(folder());
    for (const level of before.kernels?.levels ?? []) await writeFile(library(level), 'damaged');
    const { status, printed } = await setUp(['--folder', folder()], env);
    expect([status, printed]).toEqual([
      0,
      expect.stringMatching(/does not work.*Keeping TensorFlow.*Compiled the kernels/s),
    ]);
    expect(await manifestOf(folder())).toEqual(before);
  });

  it('are left out if the compiler cannot compile them, and tried again the next time', async () => {
    const without = await setUp(
      ['--folder', folder(), '--force', '--libtensorflow', libtensorflow],
      await compileWith('kernels.cc'),
    );
    expect([without.status, without.error]).toEqual([0, '']);
    expect(without.printed).toMatch(/cannot do that.*computed a product/s);
    const problem = expect.stringContaining('cannot do that');
    expect((await manifestOf(folder())).kernels).toEqual({ levels: [], problem });

    await setUp(['--folder', folder()], await compileWith('march'));
    const { kernels } = await manifestOf(folder());
    expect(kernels).toEqual(process.arch === 'x64' ? { levels: ['baseline'], problem } : { levels: ['baseline'] });
  });
});

describe('a set-up from a URL', () => {
  it('that nobody answers says so, and leaves nothing', async () => {
    const { origin, close } = await serve(() => undefined);
    close(); // Now the port is free, so connections are refused.
    const folder = join(root, 'unreachable');
    const { status, error } = await setUp(['--folder', folder, '--libtensorflow', `${origin}/libtensorflow.tar.gz`]);
    expect([status, error]).toEqual([
      1,
      expect.stringMatching(/libtensorflow\.tar\.gz.*ECONNREFUSED.*--libtensorflow/s),
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that breaks off says so, and leaves nothing', async () => {
    const { origin, close } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(Buffer.alloc(1000), () => response.destroy());
    });
    const folder = join(root, 'broken-off');
    const { status, error } = await setUp(['--folder', folder, '--libtensorflow', `${origin}/libtensorflow.tar.gz`]);
    close();
    expect([status, error]).toEqual([1, expect.stringContaining('/libtensorflow.tar.gz')]);
    expect(await readdir(folder)).toEqual([]);
  });
});

/** A wheel structured like TensorFlow's, of a few megabytes, with fake libraries. */
function makeWheel(path: string): void {
  const program = `
import base64, hashlib, sys, zipfile
text = 'no library' * 100000
files = {'tensorflow/libtensorflow_cc.so.2': text, 'tensorflow/libtensorflow_framework.so.2': text * 2}
record = ''
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    for name, text in files.items():
        z.writestr(name, text)
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()
        record += f'{name},sha256={digest},{len(text)}\\n'
    z.writestr('tensorflow_cpu-2.20.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tensorflow-cpu\\nVersion: 2.20.0\\n')
    z.writestr('tensorflow_cpu-2.20.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nTag: cp311-cp311-manylinux_2_17_x86_64\\n')
    z.writestr('tensorflow_cpu-2.20.0.dist-info/RECORD', record)
`;
  const { status, stderr } = spawnSync('python3', ['-c', program, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the wheel cannot be made: ${stderr}`);
}

describe('a set-up from a package index', () => {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const name = `tensorflow_cpu-2.20.0-cp311-cp311-manylinux_2_17_${machine}.manylinux2014_${machine}.whl`;
  let wheel: Buffer;
  beforeAll(async () => {
    const path = join(root, name);
    makeWheel(path);
    wheel = await readFile(path);
  });

  /** An index on loopback with one wheel and its checksum; `send` sends the wheel. */
  const index = (checksum: string, send: (response: Parameters<RequestListener>[1]) => void) =>
    serve((request, response) => {
      if (request.url?.endsWith('.whl')) return send(response);
      if (!/^\/simple\/tensorflow(-cpu)?\/$/.test(request.url ?? '')) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><a href="/files/${name}#sha256=${checksum}">${name}</a>`);
    });
  const envOf = (origin: string) => ({
    PIP_INDEX_URL: `${origin}/simple`,
    PIP_EXTRA_INDEX_URL: '',
    PIP_CONFIG_FILE: '/dev/null',
    PIP_NO_CACHE_DIR: '1',
    PIP_RETRIES: '0',
  });
  const sha256 = () => createHash('sha256').update(wheel).digest('hex');

  it('that cannot be reached says so, and leaves nothing', async () => {
    const { origin, close } = await serve(() => undefined);
    close();
    const folder = join(root, 'no-index');
    const { status, error } = await setUp(['--folder', folder], envOf(origin));
    expect([status, error]).toEqual([1, expect.stringMatching(/pip|python3/)]);
    expect(error).toMatch(/refused|No matching distribution/);
    expect(error).toMatch(/--wheel/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a wheel whose checksum differs from that of the index', async () => {
    const { origin, close } = await index('0'.repeat(64), (response) => response.end(wheel));
    const folder = join(root, 'other-wheel');
    const { status, error } = await setUp(['--folder', folder], envOf(origin));
    close();
    expect([status, error]).toEqual([
      1,
      expect.stringMatching(new RegExp(`HASHES.*${'0'.repeat(64)}.*${sha256()}`, 's')),
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that was killed during the download of the wheel leaves no installation, and the next one cleans up', async () => {
    const folder = join(root, 'killed');
    let kill = (): unknown => undefined;
    const { origin, close } = await index(sha256(), (response) => {
      response.writeHead(200, { 'content-length': wheel.length });
      response.write(wheel.subarray(0, wheel.length / 2), () => kill());
    });
    const { child, end } = begin(['--folder', folder], envOf(origin));
    kill = () => child.kill('SIGKILL');
    expect(await end).toMatchObject({ signal: 'SIGKILL' });
    close();
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.setup-\d+-/)]);
    await expect(findInstallation('useTensorflow', folder, ['cpu'])).rejects.toThrow(/is not set up in .*killed\. Run/);

    const next = await setUp(['--folder', folder, '--libtensorflow', join(root, 'nothing')]);
    expect([next.status, next.error]).toEqual([2, expect.stringContaining('does not exist')]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('unpacks the wheel, and refuses libraries that cannot be linked', async () => {
    const { origin, close } = await index(sha256(), (response) => response.end(wheel));
    const folder = join(root, 'no-library');
    const { status, printed, error } = await setUp(['--folder', folder], envOf(origin));
    close();
    expect(printed).toMatch(/ tensorflow(-cpu)?==2\.20\.0 .*\n.* tensorflow_cpu-2\.20\.0/);
    expect([status, error]).toEqual([
      1,
      expect.stringMatching(/failed \(1\):.*(file format|file in wrong format|error)/s),
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a wheel that was damaged on the disk', async () => {
    const damaged = Buffer.from(wheel);
    damaged.write('n0', damaged.indexOf('no library') + 10_000 - (10_000 % 10));
    const path = join(root, 'damaged', name);
    await mkdir(join(root, 'damaged'));
    await writeFile(path, damaged);
    const folder = join(root, 'of-damaged');
    const { status, error } = await setUp(['--folder', folder, '--wheel', path]);
    expect([status, error]).toEqual([1, expect.stringMatching(/is damaged: tensorflow\/libtensorflow_cc\.so\.2/)]);
    expect(await readdir(folder)).toEqual([]);
    await truncate(path, damaged.length - 100);
    const cut = await setUp(['--folder', folder, '--wheel', path]);
    expect([cut.status, cut.error]).toEqual([1, expect.stringMatching(/is not a wheel/)]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('names a CUDA that a wheel lacks', async () => {
    const folder = join(root, 'no-cuda');
    const { status, error } = await setUp(['--folder', folder, '--cuda', '--wheel', join(root, name)]);
    expect([status, error]).toEqual([2, expect.stringMatching(/is a TensorFlow without CUDA/)]);
    expect(await readdir(folder)).toEqual([]);
  });
});

it('the current installation is from a wheel, and computed a correct product', async () => {
  const { tensorflow, tfjsNode } = await manifestOf(rootFolder(undefined));
  expect(tensorflow).toMatchObject({ source: expect.stringMatching(/^tensorflow(_cpu)?-2\./) });
  expect(tfjsNode).toMatch(/^@tensorflow\/tfjs-node@4\./);
});
