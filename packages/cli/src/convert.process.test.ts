import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '@taggerjs/random';
import { encodeNpz, type NamedTensor } from '@taggerjs/weights';

import { openSession } from './testing/command-session';

const [N, SIZES] = [400, [12, 8, 5]] as const;

/** A model file in the original project's layout, for 20 x 20 images. */
async function originalFile(change: (arrays: Record<string, NamedTensor>) => void = () => undefined) {
  const random = createRandom(7);
  const arrays: Record<string, NamedTensor> = {};
  const add = (name: string, ...shape: number[]) => {
    const size = shape.reduce((product, side) => product * side, 1);
    arrays[name] = { dtype: 'F32', shape, data: random.fork(name).normal(size, { standardDeviation: 0.1 }) };
  };
  add('W', 4 * N, 12);
  add('b', 12);
  add('z_u_W', 12, N);
  add('c1', N);
  add('b1', N);
  add('m_u_W', 12, N);
  add('c2');
  SIZES.forEach((size, l) => {
    const below = SIZES[l - 1];
    if (below !== undefined) {
      add(`f_${l}_W`, below, size);
      add(`f_${l}_b`, size);
      add(`g_${l - 1}_W`, size, below);
    }
    for (let i = 1; i <= 10; i++) add(`g_${l}_a${i}`, size);
  });
  add('f_2_c', 5);
  change(arrays);
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeNpz(Object.entries(arrays))) pieces.push(piece);
  return Buffer.concat(pieces);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-convert-'));
  await writeFile(join(folder, 'trained_params.npz'), await originalFile());
  await copyFile(join(__dirname, '../fixtures/bits.png'), join(folder, 'bits.png'));
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger, failure } = session;

const convert = (file: string, ...args: string[]) => tagger('convert', file, '--threads=1', ...args);

describe('tagger convert', () => {
  it('writes a model file that groups with batch statistics', async () => {
    const { code, stdout, stderr } = await convert('trained_params.npz', '--recipe=shapes-paper', '--model.groups=3', '--out=paper.safetensors'); // prettier-ignore
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/parameters, not calibrated/) });
    expect(stderr).toContain('--statistics batch');
    const group = ['group', 'paper.safetensors', 'bits.png', 'bits.png', '--threads=1', '--json'];
    const refused = await tagger(...group);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'NOT_CALIBRATED', exitCode: 1 } });
    const grouped = await tagger(...group, '--statistics=batch');
    expect(grouped).toMatchObject({ code: 0 });
    expect(JSON.parse(grouped.stdout).images).toMatchObject([{ groups: 3, costOf: 'batch' }, { groups: 3 }]);
  });

  it('writes a model file that groups single images if calibrated', async () => {
    const sizes = '--data.sizes={"train":50,"validation":10,"test":10}';
    const args = ['--recipe=shapes-paper', sizes, '--training.batchSize=25', '--calibrate', '--json', '--out=calibrated.safetensors']; // prettier-ignore
    const { code, stdout } = await convert('trained_params.npz', ...args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ recipe: 'shapes-paper', calibrated: true });
    expect(await tagger('group', 'calibrated.safetensors', 'bits.png', '--threads=1')).toMatchObject({
      code: 0,
    });
  });

  it('names missing and unexpected arrays, and refuses other files', async () => {
    await writeFile(join(folder, 'lacks.npz'), await originalFile((arrays) => delete arrays['g_1_a3']));
    await writeFile(join(folder, 'more.npz'), await originalFile((arrays) => (arrays['surplus'] = arrays['b']!)));
    await writeFile(join(folder, 'text.npz'), 'no archive');
    for (const [file, named] of [
      ['lacks.npz', 'g_1_a3'],
      ['more.npz', 'surplus'],
      ['text.npz', 'text.npz'],
    ] as const) {
      expect(await failure('convert', file, '--recipe=shapes-paper', '--out=x.safetensors')).toMatchObject({
        code: 'INPUT',
        message: expect.stringContaining(named),
      });
    }
    expect(await readdir(folder)).not.toContain('x.safetensors');
  });
});
