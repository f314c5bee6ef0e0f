import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getRecipe, overrideRecipe } from '@taggerjs/recipes';
import { decodeSafetensors } from '@taggerjs/weights';

import { runTagger } from './testing/command';
import { writeSmallModel } from './testing/small-model';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-compare-'));
  await writeSmallModel(join(folder, 'model.safetensors'));
  await writeRun('a', { 'training.seed': 0 }, [0.1, 0.5]);
  await writeRun('b', { 'training.seed': 1 }, [0.2, 0.7]);
  await writeRun('c', { 'training.seed': 0, 'training.batchSize': 7 }, [0.1, 0.3]);
  await writeRun('new', { 'training.seed': 9 }, []);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A run folder as `tagger train` leaves it, without the model. */
async function writeRun(name: string, overrides: Record<string, number>, amis: readonly number[]): Promise<void> {
  await mkdir(join(folder, name));
  const recipe = overrideRecipe(getRecipe('shapes-quick'), overrides);
  const config = { version: '0', started: '', environment: {}, baseFolder: '.', recipe };
  await writeFile(join(folder, name, 'config.json'), JSON.stringify(config));
  const records = amis.map((ami, i) => ({
    type: 'evaluation',
    step: i,
    iterations: [{ iteration: 1, cost: 0.1, ami }],
  }));
  await writeFile(join(folder, name, 'metrics.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

describe('tagger compare', () => {
  it('prints one row for runs that differ only in the seed', async () => {
    const { code, stdout, stderr } = await runTagger(folder, ['compare', 'a', 'b', 'c', 'new']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("'new'") });
    expect(stdout).toMatch(/^ {2}shapes-quick training\.batchSize=50 \(2 runs\) +0\.600\n +0\.500\.\.0\.700\n/m);
    expect(stdout).toMatch(/^ {2}shapes-quick training\.batchSize=7 +0\.300\n/m);
  });

  it('draws curves, and prints JSON', async () => {
    const { code, stdout } = await runTagger(folder, ['compare', 'a', 'b', '--out', 'curves', '--json']);
    expect(code).toBe(0);
    const { groups, curves } = JSON.parse(stdout);
    expect(groups[0].iterations[0].ami).toEqual({ median: 0.6, low: 0.5, high: 0.7 });
    expect(curves).toEqual(['curves-ami.svg', 'curves-ami.png', 'curves-cost.svg', 'curves-cost.png']);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(curves));
  });
});

describe('tagger export', () => {
  const exported = (...args: string[]) => runTagger(folder, ['export', 'model.safetensors', ...args, '--threads', '1']);

  it('writes the parameters as float32 or float16', async () => {
    expect(await exported('--out', 'whole.safetensors')).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await exported('--out', 'half.safetensors', '--dtype', 'float16', '--json');
    const { size } = await stat(join(folder, 'half.safetensors'));
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, dtype: 'float16', bytes: size });
    const read = async (name: string) => decodeSafetensors(Uint8Array.from(await readFile(join(folder, name))));
    const [model, whole, half] = [
      await read('model.safetensors'),
      await read('whole.safetensors'),
      await read('half.safetensors'),
    ];
    expect(whole.tensors).toEqual(model.tensors);
    expect(Object.values(half.tensors).every(({ dtype }) => dtype === 'F16')).toBe(true);
  });

  it('writes a model file that groups without its run', async () => {
    await exported('--out', 'half.safetensors', '--dtype', 'float16');
    await writeFile(join(folder, 'zeros.npy'), npyOfZeros());
    expect(await runTagger(folder, ['group', 'half.safetensors', 'zeros.npy', '--threads', '1'])).toMatchObject({
      code: 0,
    });
  });
});

/** As numpy.save(numpy.zeros((20, 20), bool)) writes it, in the shortest form. */
function npyOfZeros(): Uint8Array {
  const header = "{'descr': '|b1', 'fortran_order': False, 'shape': (20, 20), }\n";
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    Buffer.alloc(400),
  ]);
}
