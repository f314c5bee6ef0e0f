import { matMul, matMulOperation } from '@taggerjs/nn';
import { checkOperation } from '@taggerjs/nn/testing';
import { expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';

import { useWasm } from '../index.node';
import type { WasmModule } from '../platform';
import { isolateKernels, KERNEL_VARIANTS } from '../testing/kernel-variants';

type Transposes = { readonly transposeA: boolean; readonly transposeB: boolean };

const TRANSPOSES: readonly Transposes[] = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);

const uneven = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => Math.sin(3.1 * i + seed));

/** The product in float64. */
function product(
  [M, N, K]: readonly [number, number, number],
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { transposeA, transposeB }: Transposes,
): Float64Array {
  const c = new Float64Array(M * N);
  for (let i = 0; i < M; i++)
    for (let j = 0; j < N; j++)
      for (let k = 0; k < K; k++)
        c[i * N + j]! += a[transposeA ? k * M + i : i * K + k]! * b[transposeB ? j * K + k : k * N + j]!;
  return c;
}

afterAll(() => tf.removeBackend('wasm'));

describe.each(KERNEL_VARIANTS)('the matmul kernel (%j)', (variant) => {
  it('is correct for any sizes, strips and transposes, and writes nowhere else', async () => {
    const { kernels, memory, control } = await isolateKernels(variant, 1024);
    const size = fc.integer({ min: 1, max: 40 });
    const inner = fc.oneof(size, fc.integer({ min: 380, max: 800 }));
    fc.assert(
      fc.property(
        size,
        size,
        inner,
        fc.constantFrom(...TRANSPOSES),
        size,
        size,
        (M, N, K, transposes, rows, columns) => {
          const a = uneven(M * K, 1);
          const b = uneven(K * N, 2);
          const [pa, pb, pc] = [memory.place(a), memory.place(b), memory.allocate(4 * M * N)];
          const packed = memory.allocate(kernels.packedBytes(M, K));
          const stripBytes = kernels.stripBytes(K, columns);
          const scratch = memory.allocate(stripBytes);
          const [aStride, bStride] = [4 * (transposes.transposeA ? M : K), 4 * (transposes.transposeB ? K : N)];
          const [tA, tB] = [Number(transposes.transposeA), Number(transposes.transposeB)];
          kernels.matmul(
          control, M, N, K, pa, aStride, tA, pb, bStride, tB, pc, packed, scratch, stripBytes, rows, columns,
        ); // prettier-ignore
          memory.check();
          const expected = product([M, N, K], a, b, transposes);
          const actual = memory.floats(pc, M * N);
          // Products are at most 1, so the error of a sum of K of them is below this.
          const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(actual[i]! - value)), 0);
          expect(worst).toBeLessThan(1e-6 * (K + 8));
          memory.release();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives the same bits for few rows as for many, packed or not, for any strips, and writes nowhere else', async () => {
    const { kernels, memory, control } = await isolateKernels(variant, 1024);
    const size = fc.integer({ min: 1, max: 40 });
    const rows = fc.integer({ min: 1, max: 13 });
    const inner = fc.oneof(size, fc.integer({ min: 380, max: 800 }));
    fc.assert(
      fc.property(rows, size, inner, fc.boolean(), fc.integer({ min: 1, max: 10 }), (M, N, K, transposeA, vectors) => {
        const [pa, pb] = [memory.place(uneven(M * K, 1)), memory.place(uneven(K * N, 2))];
        const [few, many] = [memory.allocate(4 * M * N), memory.allocate(4 * M * N)];
        const [packed, stripBytes] = [memory.allocate(kernels.packedBytes(M, K)), kernels.stripBytes(K, N)];
        const scratch = memory.allocate(stripBytes);
        const [tA, aStride] = [Number(transposeA), 4 * (transposeA ? M : K)];
        const [aRow, aInner] = transposeA ? [4, 4 * M] : [4 * K, 4];
        const columns = 4 * vectors;
        const aside = memory.allocate(4 * M * columns);
        kernels.matmul(
          control, M, N, K, pa, aStride, tA, pb, 4 * N, 0, many, packed, scratch, stripBytes, M, N,
        ); // prettier-ignore
        kernels.matmulFewRows(control, M, N, K, pa, aRow, aInner, pb, few, columns, aside, 4 * M * columns);
        const [packedB, packedA] = [kernels.packedColumnsBytes(N, K), kernels.packedFewRowsBytes(M, K)].map((bytes) =>
          memory.allocate(bytes),
        ) as [number, number];
        const [kept, tile] = [memory.allocate(4 * M * N), memory.allocate(128)];
        kernels.packColumns(control, N, K, pb, packedB);
        kernels.matmulPacked(control, M, N, K, pa, aRow, aInner, packedB, kept, vectors, packedA, tile, 128);
        memory.check();
        const expected = Array.from(memory.floats(many, M * N));
        expect(Array.from(memory.floats(few, M * N))).toEqual(expected);
        expect(Array.from(memory.floats(kept, M * N))).toEqual(expected);
        memory.release();
      }),
      { numRuns: 150 },
    );
  });
});

describe.each([
  { threads: 1, relaxedSimd: false },
  { threads: 2, relaxedSimd: true },
])('matMul with the kernel (%j)', (options) => {
  beforeAll(async () => {
    expect((await useWasm(options)).kernels).toContain('TaggerMatMul');
  });

  it.each(TRANSPOSES)('gives the product and its gradients (%j)', async (attributes) => {
    for (const sizes of [
      [5, 7, 3],
      [1, 4, 6],
      [6, 1, 4],
      [4, 6, 1],
    ] as const) {
      const [M, N, K] = sizes;
      await checkOperation(matMulOperation, {
        inputs: {
          a: { shape: attributes.transposeA ? [K, M] : [M, K], data: uneven(M * K, 1) },
          b: { shape: attributes.transposeB ? [N, K] : [K, N], data: uneven(K * N, 2) },
        },
        attributes,
        reference: ({ a, b }) => [{ shape: [M, N], data: product(sizes, a!.data, b!.data, attributes) }],
      });
    }
  });

  it.each(TRANSPOSES)('leaves no tensor behind (%j)', async ({ transposeA, transposeB }) => {
    await expectNoLeak(() => {
      const a = tf.ones<tf.Rank.R2>(transposeA ? [300, 200] : [200, 300]);
      const b = tf.ones<tf.Rank.R2>(transposeB ? [100, 300] : [300, 100]);
      tf.dispose([a, b, matMul(a, b, { transposeA, transposeB })]);
    });
  });

  it('is zero for an empty sum, and empty without rows or columns', async () => {
    const zero = tf.tidy(() => matMul(tf.zeros([3, 0]), tf.zeros([0, 2])));
    expect([zero.shape, Array.from(await zero.data())]).toEqual([
      [3, 2],
      [0, 0, 0, 0, 0, 0],
    ]);
    const empty = tf.tidy(() => matMul(tf.zeros([0, 3]), tf.zeros([3, 2])));
    expect([empty.shape, Array.from(await empty.data())]).toEqual([[0, 2], []]);
    tf.dispose([zero, empty]);
  });

  it.each([7, 20])('keeps NaN and infinity to the rows and columns they are in, of %i rows', async (rows) => {
    const a = uneven(rows * 30, 1);
    a[3 * 30 + 7] = NaN;
    a[5 * 30 + 29] = Infinity;
    const c = tf.tidy(() => matMul(tf.tensor2d(a, [rows, 30]), tf.tensor2d(uneven(30 * 10, 2), [30, 10])));
    const values = await c.data();
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < 10; j++) {
        const value = values[i * 10 + j]!;
        if (i === 3) expect(value).toBeNaN();
        else expect(Number.isFinite(value)).toBe(i !== 5);
      }
    }
    c.dispose();
  });

  it('gives the same bits however often a matrix is used or reshaped', async () => {
    const w = tf.tensor2d(uneven(400 * 30, 2), [400, 30]);
    const reshaped = tf.reshape(w, [30, 400]) as tf.Tensor2D;
    const [x, y] = [tf.tensor2d(uneven(5 * 400, 1), [5, 400]), tf.tensor2d(uneven(5 * 30, 3), [5, 30])];
    const first = { w: await take(matMul(x, w)), reshaped: await take(matMul(y, reshaped)) };
    for (let again = 0; again < 20; again++) {
      expect(await take(matMul(x, w))).toEqual(first.w);
      expect(await take(matMul(y, reshaped))).toEqual(first.reshaped);
    }
    tf.dispose([w, reshaped, x, y]);
  });

  it('frees the packed copy of a matrix with the matrix', async () => {
    const inUse = countHeap();
    for (let again = 0; again < 3; again++) {
      const w = tf.tensor2d(uneven(300 * 500, 2), [300, 500]);
      for (let use = 0; use < 20; use++) await take(tf.tidy(() => matMul(tf.ones([4, 300]), w)));
      expect(inUse()).toBeGreaterThan(2 * 4 * 300 * 500);
      w.dispose();
    }
    // Only scratch memory remains, which a pool allocates once.
    expect(inUse()).toBeLessThan(100_000);
  });

  it("does not mistake a matrix for its reshaped view, unlike tfjs's own product", async () => {
    const [values, reshaped] = tf.tidy(() => {
      const w = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
      return [matMul(tf.ones([1, 2]), w), matMul(tf.ones([1, 3]), tf.reshape(w, [3, 2]) as tf.Tensor2D)];
    });
    expect(Array.from(await values.data())).toEqual([5, 7, 9]);
    expect(Array.from(await reshaped.data())).toEqual([9, 12]);
    tf.dispose([values, reshaped]);
  });
});

describe('matMul with several threads', () => {
  const sizes = [
    [100, 130, 390],
    [37, 400, 200],
    [300, 24, 200],
    [7, 1500, 40],
  ] as const;

  it('computes the same bits with any number of threads, every time', async () => {
    const results: Float32Array[][] = [];
    for (const threads of [1, 2, 4]) {
      await useWasm({ threads });
      const values: Float32Array[] = [];
      for (const [M, N, K] of sizes) {
        for (const { transposeA, transposeB } of TRANSPOSES) {
          const a = tf.tensor2d(uneven(M * K, 1), transposeA ? [K, M] : [M, K]);
          const b = tf.tensor2d(uneven(K * N, 2), transposeB ? [N, K] : [K, N]);
          const first = matMul(a, b, { transposeA, transposeB });
          values.push((await first.data()) as Float32Array);
          for (let again = 0; again < 4; again++) {
            const c = matMul(a, b, { transposeA, transposeB });
            expect(Buffer.compare(bytes(await c.data()), bytes(values.at(-1)!))).toBe(0);
            c.dispose();
          }
          tf.dispose([a, b, first]);
        }
      }
      results.push(values);
    }
    for (const values of results.slice(1)) {
      for (const [i, value] of values.entries()) {
        expect(Buffer.compare(bytes(value), bytes(results[0]![i]!))).toBe(0);
      }
    }
  });

  it('is correct beyond 2 GiB of heap', async () => {
    await useWasm({ threads: 2, initialMemoryMiB: 2500 });
    const backend = tf.backend() as BackendWasm & { wasm: WasmModule };
    // Allocated but not written, so it uses no physical memory.
    const below = backend.wasm._malloc(2200 * 2 ** 20);
    const c = tf.tidy(() => matMul(tf.ones([100, 200]), tf.ones([200, 100])));
    expect(backend.getMemoryOffset(c.dataId)).toBeGreaterThan(2 ** 31);
    expect((await c.data()).every((value) => value === 200)).toBe(true);
    backend.wasm._free(below);
    c.dispose();
  });
});

function bytes(values: ArrayLike<number>): Uint8Array {
  const { buffer, byteOffset, byteLength } = values as Float32Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Reads the values of a tensor and disposes of it. */
async function take(tensor: tf.Tensor): Promise<number[]> {
  const values = await tensor.data();
  tensor.dispose();
  return Array.from(values);
}

/** Counts the bytes that are allocated from now on and not freed. */
function countHeap(): () => number {
  const { wasm } = tf.backend() as BackendWasm & { wasm: WasmModule };
  const [malloc, free] = [wasm._malloc, wasm._free];
  const blocks = new Map<number, number>();
  wasm._malloc = (bytes) => {
    const offset = malloc(bytes);
    blocks.set(offset >>> 0, bytes);
    return offset;
  };
  wasm._free = (offset) => {
    blocks.delete(offset >>> 0);
    free(offset);
  };
  return () => [...blocks.values()].reduce((sum, bytes) => sum + bytes, 0);
}
