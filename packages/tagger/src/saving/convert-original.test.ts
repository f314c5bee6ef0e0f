// Compares a converted model with the original's forward pass, written here in float64.
import '@tensorflow/tfjs-backend-cpu';

import { ladder } from '@taggerjs/ladder';
import { createRandom } from '@taggerjs/random';
import { encodeNpy } from '@taggerjs/weights';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';

import { convertOriginal, type ConvertOriginalOptions } from './convert-original';
import { initialAssignmentLogits } from '../model/initial-assignment';
import { loadTagger } from './saved-tagger';

const [K, B, N, T] = [3, 5, 6, 3];
const SIZES = [8, 7, 5];
const BETA = 0.2;

type Arrays = Record<string, { shape: number[]; data: Float32Array }>;

/** Arrays with the original's names and shapes. */
function originalArrays({ binary }: { binary: boolean }): Arrays {
  const random = createRandom(5);
  const arrays: Arrays = {};
  const add = (name: string, shape: number[], mean = 0, standardDeviation = 0.4) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const data = random
      .fork(name)
      .normal(size, { standardDeviation })
      .map((value) => value + mean);
    arrays[name] = { shape, data: Float32Array.from(data) };
  };
  const H = SIZES[0] as number;
  add('W', [4 * N, H]);
  add('b', [H]);
  add('z_u_W', [H, N]);
  add('c1', [N], 1);
  add('b1', [N]);
  add('m_u_W', [H, N]);
  add('c2', [], 1);
  SIZES.forEach((size, l) => {
    if (l > 0) {
      add(`f_${l}_W`, [SIZES[l - 1] as number, size]);
      add(`f_${l}_b`, [size]);
      add(`g_${l - 1}_W`, [size, SIZES[l - 1] as number]);
    }
    for (let i = 1; i <= 10; i++) add(`g_${l}_a${i}`, [size], i === 2 || i === 7 ? 1 : 0);
  });
  add('f_2_c', [SIZES[2] as number], 1);
  if (!binary) add('v', [], -0.7, 0.01);
  // The original also saves these.
  add('counter', []);
  add('counter_max', []);
  add('shared_f_1_bn_mean_clean', [SIZES[1] as number]);
  add('shared_f_1_bn_var_clean', [SIZES[1] as number]);
  return arrays;
}

function npzOf(arrays: Arrays): Uint8Array {
  const files = Object.entries(arrays).map(([name, { shape, data }]) => [
    `${name}.npy`,
    Uint8Array.from(encodeNpy({ dtype: 'F32', shape, data })),
  ]);
  return Uint8Array.from(zipSync(Object.fromEntries(files)));
}

type Matrix = number[][];
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
const softmax = (values: number[]) => {
  const exponentials = values.map((value) => Math.exp(value - Math.max(...values)));
  return exponentials.map((value) => value / exponentials.reduce((a, b) => a + b));
};

/** The original's forward pass, with its names and its order of features. */
function originalForward(arrays: Arrays, x: Matrix, m0: Matrix[], options: { binary: boolean; clip: number }) {
  const { binary, clip } = options;
  const value = (name: string, i = 0) => arrays[name]?.data[i] as number;
  const dot = (rows: Matrix, name: string): Matrix => {
    const [inputs = 0, outputs = 0] = arrays[name]?.shape ?? [];
    return rows.map((row) =>
      Array.from({ length: outputs }, (_, j) => {
        let sum = 0;
        for (let i = 0; i < inputs; i++) sum += (row[i] as number) * value(name, i * outputs + j);
        return sum;
      }),
    );
  };
  const normalized = (rows: Matrix): Matrix => {
    const columns = (rows[0] as number[]).map((_, j) => {
      const column = rows.map((row) => row[j] as number);
      const mean = column.reduce((a, b) => a + b) / column.length;
      const variance = column.reduce((sum, entry) => sum + (entry - mean) ** 2, 0) / column.length;
      return { mean, scale: Math.sqrt(variance + 1e-10) };
    });
    return rows.map((row) => row.map((entry, j) => (entry - columns[j]!.mean) / columns[j]!.scale));
  };
  const each = (rows: Matrix, f: (entry: number, column: number) => number) =>
    rows.map((row) => row.map((entry, j) => f(entry, j)));
  const g = (s: Matrix, u: Matrix, l: number) =>
    each(u, (entry, j) => {
      const a = (i: number) => value(`g_${l}_a${i}`, j);
      return a(1) * sigmoid(a(2) * entry + a(3)) + a(4) * entry + a(5);
    }).map((row, r) =>
      row.map((mu, j) => {
        const a = (i: number) => value(`g_${l}_a${i}`, j);
        const entry = u[r]![j] as number;
        const linear = a(6) * sigmoid(a(7) * entry + a(8)) + a(9) * entry + a(10);
        return ((s[r]![j] as number) - mu) * (binary ? linear : sigmoid(linear)) + mu;
      }),
    );

  const v = binary ? 0 : value('v') + Math.sqrt(value('v') ** 2 + 1);
  const likelihood = (xn: number, z: number) => {
    if (!binary) return Math.exp(-0.5 * Math.log(0.2 ** 2 + v ** 2) - (z - xn) ** 2 / (2 * (0.2 ** 2 + v ** 2)));
    const xi = (z * (1 - 2 * BETA) + BETA) * (1 - 2 * clip) + clip;
    return xn * xi + (1 - xn) * (1 - xi);
  };
  let [z, m, fed]: Matrix[][] = [
    m0.map((rows) => each(rows, () => 0.26)),
    m0,
    m0.map((rows) => each(rows, () => 0.26)),
  ] as never;
  const iterations = [];
  for (let t = 0; t < T; t++) {
    const rows: Matrix = [];
    for (let k = 0; k < K; k++) {
      for (let b = 0; b < B; b++) {
        const at = (n: number) => ({
          x: x[b]![n] as number,
          z: (h: number) => z![h]![b]![n] as number,
          m: (h: number) => m![h]![b]![n] as number,
        });
        const ks = Array.from({ length: K }, (_, h) => h);
        const dz = Array.from({ length: N }, (_, n) => {
          const e = at(n);
          if (!binary) return e.m(k) * (e.x - e.z(k));
          const xi = ks.reduce((sum, h) => sum + (e.z(h) * (1 - 2 * BETA) + BETA) * e.m(h), 0);
          return (e.m(k) / (xi - 1 + e.x)) * (1 - 2 * BETA);
        });
        const L = Array.from({ length: N }, (_, n) => {
          const e = at(n);
          return likelihood(e.x, e.z(k)) / ks.reduce((sum, h) => sum + likelihood(e.x, e.z(h)), 0);
        });
        rows.push([...fed![k]![b]!, ...dz, ...m![k]![b]!, ...L]);
      }
    }
    const h0 = each(normalized(dot(rows, 'W')), (entry, j) => Math.max(0, entry + value('b', j)));
    const s1 = normalized(dot(h0, 'f_1_W'));
    const s2 = normalized(
      dot(
        each(s1, (entry, j) => Math.max(0, entry + value('f_1_b', j))),
        'f_2_W',
      ),
    );
    const top = each(s2, (entry, j) => (entry + value('f_2_b', j)) * value('f_2_c', j)).map(softmax);
    let estimate = g(s2, normalized(top), 2);
    estimate = g(s1, normalized(dot(estimate, 'g_1_W')), 1);
    estimate = g(h0, normalized(dot(estimate, 'g_0_W')), 0);
    const zhat = each(normalized(dot(estimate, 'z_u_W')), (entry, j) => value('c1', j) * entry + value('b1', j));
    const mhat = each(normalized(dot(estimate, 'm_u_W')), (entry) => entry * value('c2'));
    const split = (all: Matrix) => Array.from({ length: K }, (_, k) => all.slice(k * B, (k + 1) * B));
    fed = split(zhat);
    z = binary ? fed.map((group) => each(group, sigmoid)) : fed;
    const logits = split(mhat);
    const over = logits[0]!.map((row, b) => row.map((_, n) => softmax(logits.map((group) => group[b]![n] as number))));
    m = logits.map((group, k) => group.map((row, b) => row.map((_, n) => over[b]![n]![k] as number)));
    iterations.push({ z: z.flat(2), m: m.flat(2) });
  }
  return iterations;
}

const optionsOf = (binary: boolean): ConvertOriginalOptions => ({
  inputShape: [2, 3],
  noise: binary ? 'bitflip' : 'gaussian',
  initialPrediction: 0.26,
  groups: K,
  iterations: T,
});

/** The largest difference between the converted model and the original's forward pass, over z and m of all iterations. */
async function difference({ binary, clip }: { binary: boolean; clip: number }): Promise<number> {
  const arrays = originalArrays({ binary });
  const tagger = await loadTagger(convertOriginal(npzOf(arrays), optionsOf(binary)), {
    registries: { mappings: { ladder } },
  });
  const random = createRandom(1);
  const flat = binary ? [...random.bernoulli(B * N, { probability: 0.4 })] : [...random.normal(B * N)].map(Math.fround);
  const logits = initialAssignmentLogits(random.fork('m'), { groups: K, batch: B, inputSize: N, firstExample: 0 });
  const drawn = [...(await logits.data())];
  const x = Array.from({ length: B }, (_, b) => flat.slice(b * N, (b + 1) * N));
  const at = (k: number, b: number, n: number) => drawn[(k * B + b) * N + n] as number;
  const m0 = Array.from({ length: K }, (_, k) =>
    x.map((row, b) => row.map((_, n) => softmax(Array.from({ length: K }, (_, h) => at(h, b, n)))[k] as number)),
  );
  const expected = originalForward(arrays, x, m0, { binary, clip });
  const clean = tf.tensor2d(flat, [B, N]);
  const output = tagger.iterate({ clean, corrupted: clean, assignmentLogits: logits }, { statistics: 'batch' });
  let largest = 0;
  for (const [t, { prediction, assignment }] of output.iterations.entries()) {
    const [z, m] = [await prediction.data(), await assignment.data()];
    z.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - (expected[t]?.z[i] as number)))));
    m.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - (expected[t]?.m[i] as number)))));
  }
  tf.dispose([clean, logits, output]);
  tagger.dispose();
  return largest;
}

describe('convertOriginal', () => {
  beforeAll(() => tf.setBackend('cpu'));

  // Float32 against float64 through three iterations with normalizations of small batches.
  it.each([true, false])('gives a model that computes what the original does (binary: %s)', async (binary) => {
    expect(await difference({ binary, clip: 0 })).toBeLessThan(2e-4);
  });

  it('differs by less than 5e-3 for the soft clipping of L that is left out', async () => {
    const clipped = await difference({ binary: true, clip: 1e-4 });
    expect(clipped).toBeLessThan(5e-3);
  });

  /** The error names the array. */
  const mismatch = (name: string) =>
    expect.objectContaining({ code: 'PARAMETER_MISMATCH', message: expect.stringContaining(`'${name}'`) });

  it.each(['W', 'f_1_W', 'g_0_a7', 'f_2_c'])('refuses a file without %s', (name) => {
    const arrays = originalArrays({ binary: true });
    delete arrays[name];
    expect(() => convertOriginal(npzOf(arrays), optionsOf(true))).toThrow(mismatch(name));
  });

  it('refuses unknown arrays', () => {
    const extra = { ...originalArrays({ binary: true }), g_0_w1: { shape: [], data: Float32Array.of(1) } };
    expect(() => convertOriginal(npzOf(extra), optionsOf(true))).toThrow(mismatch('g_0_w1'));
    expect(() => convertOriginal(npzOf(originalArrays({ binary: false })), optionsOf(true))).toThrow(mismatch('v'));
  });

  it('refuses shapes that do not fit the input', () => {
    const npz = npzOf(originalArrays({ binary: true }));
    expect(() => convertOriginal(npz, { ...optionsOf(true), inputShape: [7] })).toThrow(mismatch('W'));
  });

  it.each([
    [{ inputShape: [] }],
    [{ noise: 'binary' as never }],
    [{ noiseLevel: 0.5 }],
    [{ initialPrediction: Number.NaN }],
    [{ itrations: 3 }],
  ])('refuses %j', (wrong) => {
    const npz = npzOf(originalArrays({ binary: true }));
    expect(() => convertOriginal(npz, { ...optionsOf(true), ...wrong })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
