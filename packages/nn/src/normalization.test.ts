import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import { createNormalization, type NormalizationContext, type Statistics } from './normalization';
import { normalize, type Norm } from './operations/normalization/normalize';
import { filled } from './testing';
import { assignTree, readTree } from './tree';

const at = (iteration: number, statistics: Statistics): NormalizationContext => ({ iteration, statistics });

/** Mean and biased variance of each column of rows, in float64. */
function moments(rows: readonly (readonly number[])[]): { mean: number[]; variance: number[] } {
  const columns = rows[0]!.map((_, d) => rows.map((row) => row[d]!));
  const mean = columns.map((column) => column.reduce((a, b) => a + b, 0) / rows.length);
  const variance = columns.map((column, d) => column.reduce((a, b) => a + (b - mean[d]!) ** 2, 0) / rows.length);
  return { mean, variance };
}

/** Rows of three features whose means and deviations differ. */
const someRows = (count: number, seed = 0) => {
  const { data } = filled([count, 3], seed);
  return Array.from({ length: count }, (_, r) => [0, 1, 2].map((d) => data[r * 3 + d]! * (d + 1) + 10 * d));
};

describeBackends('createNormalization', () => {
  const norms: Norm[] = ['layer', 'batch'];

  it.each(norms)('normalizes by the statistics at hand, with gain, bias and rectifier (%s)', async (norm) => {
    const layer = createNormalization({ norm, size: 3 });
    const x = tf.tensor2d(someRows(5));
    const [gain, bias] = [tf.tensor1d([1, 2, 3]), tf.scalar(0.5)];
    const y = layer.apply(x, at(0, 'batch'), { gain, bias, activation: 'relu' });
    const expected = normalize(x, { norm, gain, bias, activation: 'relu' });
    expect(await y.array()).toEqual(await expected.array());
    tf.dispose([x, gain, bias, y, expected]);
    layer.dispose();
  });

  it('while calibrating, gives the same results as batch statistics, including gradients', async () => {
    const layer = createNormalization({ norm: 'batch', size: 3 });
    const x = tf.tensor2d(someRows(5));
    const dy = tf.tensor2d(someRows(5, 1));
    const of = (statistics: Statistics) => tf.engine().gradients(() => layer.apply(x, at(0, statistics)), [x], dy);
    const [batch, calibrating] = [of('batch'), of('calibrate')];
    expect(await calibrating.value.array()).toEqual(await batch.value.array());
    expect(await calibrating.grads[0]!.array()).toEqual(await batch.grads[0]!.array());
    tf.dispose([x, dy, batch.value, calibrating.value, ...batch.grads, ...calibrating.grads]);
    layer.dispose();
  });

  it('combines batches of any sizes as if they were one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1000 }),
        async (sizes, seed) => {
          const rows = someRows(
            sizes.reduce((a, b) => a + b, 0),
            seed,
          );
          const layer = createNormalization({ norm: 'batch', size: 3 });
          let from = 0;
          for (const size of sizes) {
            const x = tf.tensor2d(rows.slice(from, (from += size)));
            tf.dispose([x, layer.apply(x, at(2, 'calibrate'))]);
          }
          const state = await readTree(layer.state());
          const { mean, variance } = moments(rows);
          expect(Object.keys(state)).toEqual(['iteration_2/count', 'iteration_2/mean', 'iteration_2/variance']);
          expectAllClose(state['iteration_2/count']!.data, [rows.length], { relative: 0, absolute: 0 });
          expectAllClose(state['iteration_2/mean']!.data, mean, { relative: 1e-6, absolute: 1e-6 });
          expectAllClose(state['iteration_2/variance']!.data, variance, { relative: 1e-5, absolute: 1e-6 });
          layer.dispose();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('keeps the statistics of each iteration, and normalizes a single row by them', async () => {
    const layer = createNormalization({ norm: 'batch', size: 3 });
    const seen = [someRows(8), someRows(8, 7)];
    for (const [iteration, rows] of seen.entries()) {
      const x = tf.tensor2d(rows);
      tf.dispose([x, layer.apply(x, at(iteration, 'calibrate'))]);
    }
    const row = [1, 2, 3];
    const x = tf.tensor2d([row]);
    for (const [iteration, rows] of seen.entries()) {
      const y = layer.apply(x, at(iteration, 'calibrated'));
      const { mean, variance } = moments(rows);
      expectAllClose(
        await y.data(),
        row.map((value, d) => (value - mean[d]!) / Math.sqrt(variance[d]!)),
      );
      y.dispose();
    }
    x.dispose();
    layer.dispose();
  });

  it('names the iteration that is not calibrated, and those that are', () => {
    const layer = createNormalization({ norm: 'batch', size: 3 });
    const x = tf.tensor2d(someRows(5));
    expect(() => layer.apply(x, at(0, 'calibrated'))).toThrow(withCode('NOT_CALIBRATED'));
    for (const iteration of [1, 0]) layer.apply(x, at(iteration, 'calibrate')).dispose();
    expect(() => layer.apply(x, at(2, 'calibrated'))).toThrow(withCode('NOT_CALIBRATED', '2', '0, 1'));
    x.dispose();
    layer.dispose();
  });

  it.each(['batch', 'calibrate', 'calibrated'] as const)(
    'has no statistics with layer norm (%s)',
    async (statistics) => {
      const layer = createNormalization({ norm: 'layer', size: 3 });
      const x = tf.tensor2d(someRows(2));
      const y = layer.apply(x, at(0, statistics));
      const expected = normalize(x, { norm: 'layer' });
      expect(await y.array()).toEqual(await expected.array());
      expect(layer.state()).toEqual({});
      tf.dispose([x, y, expected]);
    },
  );

  it('restores saved statistics', async () => {
    const [original, copy] = [1, 2].map(() => createNormalization({ norm: 'batch', size: 3 })) as [
      ReturnType<typeof createNormalization>,
      ReturnType<typeof createNormalization>,
    ];
    const x = tf.tensor2d(someRows(5));
    for (const iteration of [0, 1, 10]) original.apply(x, at(iteration, 'calibrate')).dispose();
    const saved = await readTree(original.state());
    copy.prepareState(Object.fromEntries(Object.entries(saved).map(([name, { shape }]) => [name, shape])));
    assignTree(copy.state(), saved);
    expect(await readTree(copy.state())).toEqual(saved);
    // It continues from there: the same rows again double the count and keep the moments.
    copy.apply(x, at(10, 'calibrate')).dispose();
    const more = await readTree(copy.state());
    expectAllClose(more['iteration_10/count']!.data, [10]);
    expectAllClose(more['iteration_10/variance']!.data, saved['iteration_10/variance']!.data);
    x.dispose();
    original.dispose();
    copy.dispose();
  });

  it('drops state that is not prepared', () => {
    const layer = createNormalization({ norm: 'batch', size: 3 });
    const x = tf.tensor2d(someRows(5));
    layer.apply(x, at(0, 'calibrate')).dispose();
    layer.prepareState({});
    expect(layer.state()).toEqual({});
    expect(() => layer.apply(x, at(0, 'calibrated'))).toThrow(withCode('NOT_CALIBRATED'));
    x.dispose();
  });

  it('refuses state that it cannot have, and keeps its own', () => {
    const layer = createNormalization({ norm: 'batch', size: 3 });
    const x = tf.tensor2d(someRows(5));
    layer.apply(x, at(0, 'calibrate')).dispose();
    const whole = { 'iteration_1/count': [], 'iteration_1/mean': [3], 'iteration_1/variance': [3] };
    for (const [names, named] of [
      [{ ...whole, other: [3] }, 'other'],
      [{ ...whole, 'iteration_01/count': [] }, 'iteration_01/count'],
      [{ ...whole, 'iteration_1/mean': [4] }, 'iteration_1/mean'],
      [{ 'iteration_1/count': [], 'iteration_1/mean': [3] }, 'iteration_1/variance'],
    ] as const) {
      expect(() => layer.prepareState(names)).toThrow(withCode('PARAMETER_MISMATCH', named));
    }
    expect(Object.keys(layer.state())).toEqual(['iteration_0/count', 'iteration_0/mean', 'iteration_0/variance']);
    expect(() => createNormalization({ norm: 'layer', size: 3 }).prepareState(whole)).toThrow(
      withCode('PARAMETER_MISMATCH', 'iteration_1/count'),
    );
    x.dispose();
    layer.dispose();
  });

  it('refuses wrong options and inputs', () => {
    expect(() => createNormalization({ norm: 'group' as Norm, size: 3 })).toThrow(withCode('INVALID_OPTION', 'norm'));
    expect(() => createNormalization({ norm: 'layer', size: 0 })).toThrow(withCode('INVALID_OPTION', 'size'));
    expect(() => createNormalization({ norm: 'layer', size: 3, epsilon: -1 })).toThrow(
      withCode('INVALID_OPTION', 'epsilon'),
    );
    const layer = createNormalization({ norm: 'layer', size: 3 });
    const x = tf.zeros<tf.Rank.R2>([2, 4]);
    expect(() => layer.apply(x, at(0, 'batch'))).toThrow(withCode('INVALID_SHAPE'));
    expect(() => layer.apply(x, at(0, 'running' as Statistics))).toThrow(withCode('INVALID_OPTION', 'statistics'));
    x.dispose();
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const layer = createNormalization({ norm: 'batch', size: 3 });
      const x = tf.tensor2d(someRows(5));
      for (const statistics of ['batch', 'calibrate', 'calibrate', 'calibrated'] as const) {
        layer.apply(x, at(0, statistics)).dispose();
      }
      x.dispose();
      layer.dispose();
    }));
});
