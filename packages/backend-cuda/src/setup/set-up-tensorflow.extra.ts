import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';

import { readInstallation, rootFolder, type Manifest } from '../node/installation';
import { setUpTensorflow } from './set-up-tensorflow';

/** What the setup before the tests installed: a folder with TensorFlow's libraries and headers. */
const installed = join(rootFolder(undefined), 'cpu');
const libtensorflow = join(installed, 'tensorflow');

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taggerjs-setup-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const manifestOf = async (folder = root) => (await readInstallation(folder, 'cpu'))?.manifest as Manifest;
const inode = async () => (await stat(join(root, 'cpu/tensorflow/libtensorflow_framework.so.2'))).ino;

describe('setUpTensorflow', () => {
  it('the installation at hand is that of a wheel, with a product that was right', async () => {
    const { tensorflow, tfjsNode } = (await readInstallation(rootFolder(undefined), 'cpu'))?.manifest as Manifest;
    expect(tensorflow).toMatchObject({ source: expect.stringMatching(/^tensorflow_cpu-2\./) });
    expect(tfjsNode).toMatch(/^@tensorflow\/tfjs-node@4\./);
  });

  it('takes TensorFlow from a folder', async () => {
    const lines: string[] = [];
    const report = (line: string) => lines.push(line);
    expect(await setUpTensorflow({ folder: root, libtensorflow, report })).toMatchObject({ did: 'installed' });
    expect(lines.join('\n')).toMatch(
      /Taking TensorFlow from .*\n.*Compiling.*\n.*computed a product.*\n.*is set up in/s,
    );
    expect(await manifestOf()).toMatchObject({ tensorflow: { source: libtensorflow } });
    expect(await readdir(root)).toEqual(['cpu']);
    expect((await readdir(join(root, 'cpu'))).sort()).toEqual(['binding', 'manifest.json', 'tensorflow', 'tfjs-node']);
  });

  it('keeps what works', async () => {
    const before = await inode();
    expect(await setUpTensorflow({ folder: root })).toMatchObject({ did: 'kept' });
    expect(await inode()).toBe(before);
  });

  it('compiles anew what another version compiled, and keeps TensorFlow', async () => {
    const before = await inode();
    const manifest = await manifestOf();
    const other = { ...manifest, binding: { ...manifest.binding, hash: 'other', version: 0 } };
    await writeFile(join(root, 'cpu/manifest.json'), JSON.stringify(other));
    expect(await setUpTensorflow({ folder: root })).toMatchObject({ did: 'compiled' });
    expect(await manifestOf()).toEqual(manifest);
    expect(await inode()).toBe(before);
  });

  it('sets up anew what is damaged, and says so', async () => {
    await writeFile(join(root, 'cpu/binding/taggerjs_tensorflow.node'), 'damaged');
    const lines: string[] = [];
    const report = (line: string) => lines.push(line);
    expect(await setUpTensorflow({ folder: root, report })).toMatchObject({ did: 'compiled' });
    expect(lines.join('\n')).toMatch(/does not work, and is set up anew/);
  });

  it('keeps what there is where a setup fails', async () => {
    const before = await manifestOf();
    const failing = setUpTensorflow({ folder: root, force: true, libtensorflow, compiler: 'no-such-compiler' });
    await expect(failing).rejects.toThrow(/The command no-such-compiler is not there\..*apt-get install g\+\+.*CXX/);
    expect(await manifestOf()).toEqual(before);
    expect(await readdir(root)).toEqual(['cpu']);
  });

  it('does not keep what computes wrongly', async () => {
    // A binding whose products are off: the sources of tfjs-node with an operation that adds one to every matrix.
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
    const failing = setUpTensorflow({ folder: join(root, 'wrong'), libtensorflow, tfjsNode: source });
    await expect(failing).rejects.toThrow(/The product is wrong at 0, 0.*was not kept/s);
    expect(await readdir(join(root, 'wrong'))).toEqual([]);
  });

  it('takes it from the address of an archive', async () => {
    // As the archives of the C library are laid out, the name of its library included; not compressed, to be quick.
    const archive = join(root, 'archive');
    await mkdir(join(archive, 'lib'), { recursive: true });
    await rename(join(root, 'cpu/tensorflow/include'), join(archive, 'include'));
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
      await rename(join(root, 'cpu/tensorflow', name), join(archive, 'lib', name));
    }
    const server = createServer((_, response) => {
      const tar = spawn('tar', ['-c', '-C', archive, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
      tar.stdout.pipe(createGzip({ level: 0 })).pipe(response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/libtensorflow-cpu.tar.gz`;
    const result = await setUpTensorflow({ folder: join(root, 'fetched'), libtensorflow: address });
    server.close();
    expect(result).toMatchObject({ did: 'installed' });
    expect(await manifestOf(join(root, 'fetched'))).toMatchObject({ tensorflow: { source: address } });
    expect((await readdir(join(root, 'fetched/cpu'))).sort()).toEqual([
      'binding',
      'manifest.json',
      'tensorflow',
      'tfjs-node',
    ]);
  });

  it('leaves nothing where it is interrupted, and ends with status 130', async () => {
    const folder = join(root, 'interrupted');
    const args = ['--conditions=@taggerjs/source', '--import', 'tsx', join(__dirname, 'run.ts')];
    const child = spawn(process.execPath, [...args, '--folder', folder, '--libtensorflow', libtensorflow], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (text) => String(text).includes('Compiling') && child.kill('SIGINT'));
    const [status, error] = await new Promise<[number | null, string]>((resolve) => {
      let printed = '';
      child.stderr.on('data', (text) => (printed += String(text)));
      child.on('close', (code) => resolve([code, printed]));
    });
    expect([status, error]).toEqual([130, expect.stringMatching(/Interrupted; nothing is left of the setup/)]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('names a CUDA that a wheel lacks', async () => {
    const wheel = join(root, 'tensorflow_cpu-0-py3-none-any.whl');
    const program = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    z.writestr('tensorflow/libtensorflow_cc.so.2', '')
    z.writestr('tensorflow/libtensorflow_framework.so.2', '')
`;
    expect(spawnSync('python3', ['-c', program, wheel]).status).toBe(0);
    await expect(setUpTensorflow({ folder: join(root, 'none'), variant: 'cuda', wheel })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/is a TensorFlow without CUDA/),
    });
    expect(await readdir(join(root, 'none'))).toEqual([]);
  });
});
