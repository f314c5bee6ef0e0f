import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { encodeNpy, encodeNpz, type NamedTensor } from '@taggerjs/weights';
import { encode } from 'fast-png';

import type { Dataset } from '../contract/dataset';
import { loadData, type LoadDataOptions } from './load-data';
import { readMnist } from './read-mnist';
import { expectRefusal } from '../testing/expect-refusal';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taggerjs-data-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const f32 = (shape: number[], value: (i: number) => number = (i) => i): NamedTensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'F32', shape, data: Float32Array.from({ length: size }, (_, i) => value(i)) };
};
const u8 = (shape: number[], value: (i: number) => number = (i) => i): NamedTensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'U8', shape, data: Uint8Array.from({ length: size }, (_, i) => value(i)) };
};
const npz = async (arrays: Record<string, NamedTensor>, name = 'data.npz') => {
  const path = join(folder, name);
  await writeFile(path, encodeNpz(Object.entries(arrays), { compress: true }));
  return path;
};
const everything = (dataset: Dataset) => dataset.examples(Uint32Array.from({ length: dataset.size }, (_, i) => i));
function idx(shape: number[], body: Uint8Array): Uint8Array {
  const header = [0, 0, 8, shape.length, ...shape.flatMap((size) => [24, 16, 8, 0].map((shift) => (size >>> shift) & 255))]; // prettier-ignore
  return Uint8Array.of(...header, ...body);
}

describe('an .npz file', () => {
  it('with splits gives a dataset for each, with segments and labels', async () => {
    const path = await npz({
      train_inputs: f32([4, 2, 3]),
      train_segments: u8([4, 2, 3], (i) => i % 3),
      train_labels: u8([4, 2]),
      valid_inputs: f32([2, 2, 3], (i) => -i),
      test_inputs: f32([1, 2, 3]),
    });
    const { train, validation, test } = await loadData(path);
    expect(train).toMatchObject({ name: `${path}/train`, size: 4, inputShape: [2, 3], labelsPerExample: 2 });
    expect(await everything(train)).toMatchObject({
      inputs: f32([24]).data,
      segments: u8([24], (i) => i % 3).data,
      labels: u8([8]).data,
    });
    expect([validation.size, test.size]).toEqual([2, 1]);
    expect((await everything(validation)).inputs[1]).toBe(-1);
  });

  it.each([3, 4])(
    'refuses images with their %i channels first, unless the option says that they are rows',
    async (channels) => {
      const path = await npz({ inputs: u8([4, channels, 8, 9], () => 1), segments: u8([4, channels, 8], () => 0) });
      await expectRefusal(loadData(path), 'INVALID_DATA', folder);
      const inputShape = [channels, 8, 9];
      expect((await loadData(path, { inputShape })).train.inputShape).toEqual(inputShape);
      // One channel is not an axis, and an axis of less than 8 may be one of channels.
      expect((await loadData(await npz({ inputs: u8([4, 1, 8, 9]) }))).train.inputShape).toEqual([8, 9]);
      expect((await loadData(await npz({ inputs: u8([4, channels, 8, 7]) }))).train.inputShape).toEqual([
        channels,
        8,
        7,
      ]);
    },
  );

  it('may say what is background, as an array or as an option', async () => {
    const [shape, isBackground] = [[10, 2, 3], (i: number) => Number(i % 3 === 1)];
    const arrays = { inputs: f32(shape), segments: u8(shape, (i) => i % 3) };
    const whole = await npz({ ...arrays, background: u8(shape, isBackground) });
    const backgroundOf = async (options: LoadDataOptions, path = whole) =>
      [...(await (await loadData(path, options)).train.examples([0])).background!].join('');
    expect(await backgroundOf({})).toBe('010010');
    expect(await backgroundOf({ background: 2 })).toBe('001001');
    expect(await backgroundOf({ background: 0 }, await npz(arrays, 'plain.npz'))).toBe('100100');
    await expect(loadData(whole, { background: 255 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('may say what is background if its segments are masks', async () => {
    const [segments, background] = [
      u8([10, 2, 2, 3], (i) => Number(Math.floor(i / 6) % 2 === 0)),
      u8([10, 2, 3], () => 1),
    ];
    const { train } = await loadData(await npz({ inputs: f32([10, 2, 3]), segments, background }));
    expect((await train.examples([0])).background).toEqual(new Uint8Array(6).fill(1));
  });

  it.each([
    ['of another size', 'INVALID_DATA', { segments: u8([10, 2, 3]), background: u8([10, 5]) }, {}],
    ['without segments', 'INVALID_DATA', { background: u8([10, 2, 3]) }, {}],
    ['as an option without segments', 'INVALID_OPTION', {}, { background: 0 }],
  ])('refuses a background %s', async (_, code, arrays, options) => {
    const path = await npz({ inputs: f32([10, 2, 3]), ...arrays });
    await expect(loadData(path, options)).rejects.toMatchObject({ code });
  });

  it('refuses a segment for each value of color images, also if it looks like masks, and reads it for flat inputs', async () => {
    const shape = [10, 3, 2, 3];
    const path = await npz({ inputs: u8(shape), segments: u8(shape, (i) => i % 2) });
    await expect(loadData(path)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining('inputShape [18]'),
    });
    const { train } = await loadData(path, { inputShape: [18] });
    expect((await train.examples([0])).segments).toHaveLength(18);
  });

  it.each([
    ['a segment for each pixel', u8([10, 2, 2], (i) => i % 3)],
    ['a segment for each pixel, with an axis of 1', u8([10, 2, 2, 1], (i) => i % 3)],
    ['masks', u8([10, 5, 2, 2], (i) => Number(Math.floor(i / 4) % 5 === (i % 4) % 3))],
    ['masks with an axis of 1', u8([10, 5, 2, 2, 1], (i) => Number(Math.floor(i / 4) % 5 === (i % 4) % 3))],
  ])('of color images may have %s', async (_, segments) => {
    const path = await npz({ inputs: u8([10, 2, 2, 3], (i) => i % 256), segments });
    const { train } = await loadData(path);
    expect(train.inputShape).toEqual([2, 2, 3]);
    const examples = await everything(train);
    expect([examples.inputs.length, examples.segments!.length]).toEqual([train.size * 12, train.size * 4]);
    expect(new Set(examples.segments)).toEqual(new Set([0, 1, 2]));
  });

  it('may use the names of Keras; bytes become gray values', async () => {
    const arrays = { x_train: u8([20, 2, 2], (i) => i * 3), y_train: u8([20]), x_test: u8([5, 2, 2]), y_test: u8([5]) };
    const { train, validation, test } = await loadData(await npz(arrays));
    expect([train.size, validation.size, test.size]).toEqual([18, 2, 5]);
    const { inputs, labels } = await everything(test);
    expect(inputs[19]).toBeCloseTo(19 / 255, 6);
    expect([...labels!]).toEqual([0, 1, 2, 3, 4]);
  });

  it('without splits is split at random, the same way each time', async () => {
    const path = await npz({ inputs: f32([50, 1]) });
    const parts = async (options: LoadDataOptions = {}) => {
      const { train, validation, test } = await loadData(path, options);
      return Promise.all([train, validation, test].map(async (part) => [...(await everything(part)).inputs]));
    };
    const first = await parts();
    expect(first.map(({ length }) => length)).toEqual([40, 5, 5]);
    expect(first.flat().sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
    expect(await parts()).toEqual(first);
    expect(await parts({ seed: 1 })).not.toEqual(first);
    const uneven = await parts({ holdOut: { validation: 0.5, test: 0.02 } });
    expect(uneven.map(({ length }) => length)).toEqual([24, 25, 1]);
  });

  it('of booleans, or bytes of zeros and ones, is not scaled', async () => {
    const binary = (dtype: 'BOOL' | 'U8') =>
      ({ dtype, shape: [10, 4], data: u8([40], (i) => i % 2).data }) as NamedTensor;
    for (const dtype of ['BOOL', 'U8'] as const) {
      const { train } = await loadData(await npz({ inputs: binary(dtype) }));
      expect([...(await everything(train)).inputs].slice(0, 4)).toEqual([0, 1, 0, 1]);
    }
  });

  it('can be scaled, thresholded and reshaped', async () => {
    const path = await npz({ inputs: f32([10, 4], (i) => i % 4) });
    const { train } = await loadData(path, { scale: 0.5, threshold: 1, inputShape: [2, 2] });
    expect(train.inputShape).toEqual([2, 2]);
    expect([...(await everything(train)).inputs].slice(0, 4)).toEqual([0, 0, 1, 1]);
  });

  it('of bytes has the same scale in all splits', async () => {
    const path = await npz({ train_inputs: u8([9, 4], (i) => i), test_inputs: u8([9, 4], (i) => i % 2) });
    const { test } = await loadData(path);
    expect((await everything(test)).inputs[1]).toBeCloseTo(1 / 255, 9);
    const others = await npz({ train_inputs: u8([9, 4]), test_inputs: f32([9, 4]) }, 'others.npz');
    expect((await everything((await loadData(others)).test)).inputs[35]).toBe(35);
  });

  it.each<[string, Record<string, NamedTensor>, LoadDataOptions?]>([
    ['INVALID_DATA', { inputs: f32([9, 1]), segmets: u8([9, 1]) }],
    ['INVALID_DATA', { inputs: f32([9, 1]), x: f32([9, 1]) }],
    ['INVALID_DATA', { train_inputs: f32([9, 1]), labels: u8([9]) }],
    ['INVALID_DATA', { train_inputs: f32([9, 1]), test_labels: u8([9]) }],
    ['INVALID_DATA', { test_inputs: f32([9, 1]) }],
    ['INVALID_DATA', {}],
    ['INVALID_DATA', { inputs: f32([9]) }],
    ['INVALID_DATA', { inputs: f32([9, 4]), segments: u8([9, 3]) }], // prettier-ignore
    ['INVALID_DATA', { inputs: f32([9, 4]), segments: u8([9, 8]) }],
    ['INVALID_DATA', { inputs: f32([9, 4]), segments: f32([9, 4], (i) => i / 2) }], // prettier-ignore
    ['INVALID_DATA', { inputs: f32([9, 4]), labels: u8([8]) }],
    ['INVALID_DATA', { inputs: f32([9, 4], (i) => (i === 30 ? NaN : i)) }],
    ['INVALID_DATA', { inputs: f32([9, 4], (i) => (i === 30 ? NaN : i)) }, { threshold: 0.5 }], // prettier-ignore
    ['INVALID_DATA', { inputs: f32([9, 4]), segments: u8([9, 2, 4], (i) => (i % 2) * 255) }], // prettier-ignore
    ['INVALID_DATA', { inputs: f32([9, 4]), segments: f32([9, 2, 4], (i) => (i === 3 ? NaN : 0)) }], // prettier-ignore
    ['INVALID_DATA', { inputs: f32([9, 4]), segments: u8([9, 1, 4], (i) => i % 3) }], // prettier-ignore
    ['INVALID_OPTION', { inputs: f32([9, 4]) }, { ignoreUpTo: NaN }], // prettier-ignore
    ['INVALID_OPTION', { inputs: f32([9, 4]) }, { threshold: NaN }],
    ['INVALID_OPTION', { inputs: f32([9, 4]) }, { scale: Infinity, threshold: 1 }], // prettier-ignore
    ['INVALID_DATA', { train_inputs: f32([9, 4]), test_inputs: f32([9, 2]) }], // prettier-ignore
    ['INVALID_DATA', { inputs: f32([2, 4]) }],
    ['INVALID_DATA', { inputs: f32([9, 4]) }, { inputShape: [3] }],
    ['INVALID_OPTION', { inputs: f32([9, 4]) }, { holdOut: { test: 1 } }],
    ['INVALID_FILE', { inputs: f32([9, 4]) }, { maxBytes: 40 }],
    ['INVALID_DATA', { inputs: f32([9, 2, 2, 3]), segments: u8([9, 2, 2, 3]) }],
  ])('is refused with %s (%#)', async (code, arrays, options = {}) => {
    await expectRefusal(loadData(await npz(arrays), options), code, folder);
  });
});

describe('IDX', () => {
  const images = Uint8Array.from({ length: 30 * 4 }, (_, i) => i);
  const labels = Uint8Array.from({ length: 30 }, (_, i) => i % 10);
  const write = async (path: string, shape: number[], body: Uint8Array) => {
    await mkdir(dirname(path), { recursive: true });
    const bytes = idx(shape, body);
    await writeFile(path, path.endsWith('.gz') ? gzipSync(bytes) : bytes);
  };

  it.each(['', '.gz'])('reads a folder of the four files of MNIST%s', async (ending) => {
    for (const part of ['train', 't10k']) {
      await write(join(folder, `${part}-images-idx3-ubyte${ending}`), [30, 2, 2], images);
      await write(join(folder, `${part}-labels-idx1-ubyte${ending}`), [30], labels);
    }
    const { train, validation, test } = await loadData(folder);
    expect([train.size, validation.size, test.size]).toEqual([27, 3, 30]);
    expect(test).toMatchObject({ inputShape: [2, 2], labelsPerExample: 1 });
    expect((await everything(test)).labels).toEqual(labels);
    expect((await everything(test)).inputs[119]).toBeCloseTo(119 / 255, 6);
    expect((await readMnist(folder)).train).toEqual({ images, labels });
  });

  it('reads the labels for a file of images', async () => {
    await write(join(folder, 'my-images-idx3-ubyte.gz'), [30, 2, 2], images);
    await write(join(folder, 'my-labels-idx1-ubyte.gz'), [30], labels);
    const { train } = await loadData(join(folder, 'my-images-idx3-ubyte.gz'));
    expect(train).toMatchObject({ size: 24, labelsPerExample: 1 });
  });

  it('refuses an incomplete folder, and files that do not match', async () => {
    await write(join(folder, 'train-images-idx3-ubyte'), [30, 2, 2], images);
    await expect(readMnist(folder)).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
    await write(join(folder, 'train-labels-idx1-ubyte'), [29], labels.subarray(1));
    await write(join(folder, 't10k-images-idx3-ubyte'), [30, 2, 2], images);
    await write(join(folder, 't10k-labels-idx1-ubyte'), [30], labels);
    await expectRefusal(readMnist(folder), 'INVALID_DATA', folder);
    await expectRefusal(loadData(folder), 'INVALID_DATA', folder);
  });
});

describe('a folder of PNG images', () => {
  const image = (value: number, [height, width] = [2, 3]) =>
    encode({
      height: height!,
      width: width!,
      depth: 8,
      channels: 1,
      data: new Uint8Array(height! * width!).fill(value),
    });
  const write = async (name: string, bytes: Uint8Array = image(51)) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  };

  it('without splits is split at random', async () => {
    for (let i = 0; i < 10; i++) await write(`${i}.png`, image(i));
    await write('notes.txt');
    const { train, validation, test } = await loadData(folder);
    expect([train.size, validation.size, test.size]).toEqual([8, 1, 1]);
    expect(train).toMatchObject({ inputShape: [2, 3], labelsPerExample: 0 });
    expect((await everything(train)).segments).toBeUndefined();
  });

  it('is read in color if examples have three channels', async () => {
    const colored = encode({
      width: 3,
      height: 2,
      channels: 3,
      data: Uint8Array.from({ length: 18 }, (_, i) => i * 5),
    });
    for (let i = 0; i < 10; i++) await write(`${i}.png`, colored);
    for (let i = 0; i < 10; i++) await write(`${i}.segments.png`, image(2));
    const { train } = await loadData(folder, { inputShape: [2, 3, 3] });
    expect(train.inputShape).toEqual([2, 3, 3]);
    const { inputs, segments } = await train.examples([0]);
    expect(inputs).toEqual(Float32Array.from({ length: 18 }, (_, i) => (i * 5) / 255));
    expect([...segments!]).toEqual([2, 2, 2, 2, 2, 2]);
    expect((await loadData(folder)).train.inputShape).toEqual([2, 3]);
  });

  it('with splits and classes has the same labels in each split, and segments', async () => {
    for (const name of ['train/b/1', 'train/a/1', 'train/c/2', 'validation/a/1', 'test/c/1', 'test/b/1']) {
      await write(`${name}.png`);
      await write(`${name}.segments.png`, image(name.startsWith('test') ? 255 : 2));
    }
    const { train, validation, test } = await loadData(folder);
    const [first, second, third] = await Promise.all([train, validation, test].map(everything));
    expect([...first!.labels!]).toEqual([0, 1, 2]);
    expect([...second!.labels!]).toEqual([0]);
    expect([...third!.labels!]).toEqual([1, 2]);
    expect(first!.inputs[0]).toBeCloseTo(0.2, 6);
    expect([...first!.segments!].every((segment) => segment === 2)).toBe(true);
    expect([...third!.segments!].every((segment) => segment === 255)).toBe(true);
  });

  it('finds segments with file extensions in upper case', async () => {
    for (let i = 0; i < 4; i++) {
      await write(`${i}.PNG`);
      await write(`${i}.segments.PNG`, image(i));
    }
    const { segments, indices } = await everything((await loadData(folder)).train);
    expect(segments).toHaveLength(6 * indices.length);
  });

  it('refuses more than 256 classes over all splits', async () => {
    for (let i = 0; i < 150; i++) await write(`train/c${i}/1.png`);
    for (let i = 150; i < 257; i++) await write(`test/c${i}/1.png`);
    await expectRefusal(loadData(folder), 'INVALID_DATA', folder);
  });

  it.each<[string, () => Promise<void>]>([
    ['INVALID_DATA', async () => undefined],
    [
      'INVALID_DATA',
      async () => {
        await write('1.png');
        await write('2.png', image(0, [4, 5]));
      },
    ],
    [
      'INVALID_DATA',
      async () => {
        await write('1.png');
        await write('1.segments.png');
        await write('2.png');
      },
    ],
    [
      'INVALID_DATA',
      async () => {
        await write('1.png');
        await write('a/2.png');
      },
    ],
    ['INVALID_DATA', async () => write('test/1.png')],
    [
      'INVALID_DATA',
      async () => {
        await write('val/1.png');
        await write('valid/1.png');
        await write('train/1.png');
      },
    ],
    [
      'UNSUPPORTED_FILE',
      async () => {
        await write('1.png');
        await write('1.segments.png', encode({ width: 3, height: 2, channels: 3, data: new Uint8Array(18).fill(3) }));
      },
    ],
    ['TRUNCATED_FILE', async () => write('1.png', image(0).subarray(0, 50))],
  ])('is refused with %s (%#)', async (code, make) => {
    await make();
    await expectRefusal(loadData(folder), code, folder);
  });

  it('is refused if it takes more memory than maxBytes', async () => {
    await write('1.png');
    await write('2.png');
    await expect(loadData(folder, { maxBytes: 59 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });
});

it('reads the inputs of an .npy file with one channel', async () => {
  const path = join(folder, 'images.npy');
  await writeFile(path, encodeNpy(f32([10, 28, 28, 1])));
  expect((await loadData(path)).train).toMatchObject({ size: 8, inputShape: [28, 28] });
  await expect(loadData(path, { maxBytes: 10_000 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

it.each<[string, Uint8Array]>([
  ['UNSUPPORTED_FILE', new Uint8Array(100).fill(65)],
  ['TRUNCATED_FILE', new Uint8Array(0)],
  ['UNSUPPORTED_FILE', new Uint8Array(encode({ width: 1, height: 1, data: Uint8Array.of(1), channels: 1 }))], // prettier-ignore
  ['TRUNCATED_FILE', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1)],
])('refuses other files with %s (%#)', async (code, bytes) => {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  await expectRefusal(loadData(path), code, folder);
});

it('refuses a missing file', async () => {
  await expect(loadData(join(folder, 'nowhere.npz'))).rejects.toMatchObject({ code: 'UNREADABLE_FILE' });
});
