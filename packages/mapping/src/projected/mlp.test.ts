import { describeBackends, withCode } from '@taggerjs-tools/testing';
import { assignTree, type Norm } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { mlp, type MlpOptions } from './mlp';
import { checkMapping } from '../testing';

const environment = { hiddenSize: 4, norm: 'layer', random: createRandom(1) } as const;
const context = { iteration: 0, training: false, random: createRandom(2), groups: 1, statistics: 'batch' } as const;

describeBackends('mlp', () => {
  it.each(['layer', 'batch'] as const)('conforms (%s norm)', async (norm) => {
    await checkMapping(mlp({ sizes: [6, 5] }), { norm, rowsIndependent: norm === 'layer' });
  });

  it('conforms without hidden layers, and with a normalization of its own', async () => {
    await checkMapping(mlp({ sizes: [] }), { rowsIndependent: true });
    await checkMapping(mlp({ sizes: [5], norm: 'layer' }), { norm: 'batch', rowsIndependent: true });
  });

  it('is relu(norm(a W) + b), layer by layer', async () => {
    const mapping = mlp({ sizes: [3] }).create(environment);
    const random = createRandom(3);
    const values = Object.fromEntries(
      Object.entries(mapping.parameters()).map(([name, { shape, size }]) => [
        name,
        { shape, data: random.fork(name).normal(size) },
      ]),
    );
    assignTree(mapping.parameters(), values);
    const layer = (a: number[], l: number) => {
      const [W, b] = [values[`W_${l}`]!, values[`b_${l}`]!];
      const columns = b.data.length;
      const y = Array.from(b.data, (_, j) => a.reduce((sum, x, i) => sum + x * W.data[i * columns + j]!, 0));
      const mean = y.reduce((sum, v) => sum + v, 0) / columns;
      const variance = y.reduce((sum, v) => sum + (v - mean) ** 2, 0) / columns;
      return y.map((v, j) => Math.max(0, (v - mean) / Math.sqrt(variance + 1e-8) + b.data[j]!));
    };
    const rows = [
      [0.5, 1, 0, 2],
      [1, -1, 3, 0.25],
    ];
    const hidden = tf.tensor2d(rows);
    const { output } = mapping.apply(hidden, context);
    const expected = rows.flatMap((row) => layer(layer(row, 1), 2));
    const actual = await output.data();
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
    tf.dispose([hidden, output]);
    mapping.dispose();
  });
});

describe('mlp', () => {
  it.each<[string, unknown, string]>([
    ['no options', undefined, 'sizes'],
    ['no sizes', {}, 'sizes'],
    ['a size of zero', { sizes: [3, 0] }, 'sizes'],
    ['a fractional size', { sizes: [2.5] }, 'sizes'],
    ['an unknown norm', { sizes: [3], norm: 'group' as Norm }, 'norm'],
    ['a misspelled option', { sizes: [3], nrom: 'layer' }, 'nrom'],
  ])('refuses %s', (_, options, name) => {
    expect(() => mlp(options as MlpOptions)).toThrow(withCode('INVALID_OPTION', name));
  });

  it('has JSON that recreates it', () => {
    const { config } = mlp({ sizes: [6, 5], norm: 'batch' });
    expect(config).toEqual({ type: 'mlp', sizes: [6, 5], norm: 'batch' });
    expect(mlp(config as unknown as MlpOptions).config).toEqual(config);
  });
});
