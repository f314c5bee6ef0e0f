import { describeBackends, withCode } from '@taggerjs-tools/testing';
import { projected } from '@taggerjs/mapping';
import { checkCore, checkMapping } from '@taggerjs/mapping/testing';
import type { Norm } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { ladder, type LadderOptions } from './ladder';

const registries = { mappings: { ladder } };
const combinations = (['layer', 'batch'] as const).flatMap((norm) =>
  (['sigmoid', 'linear'] as const).map((gate) => ({ norm, gate })),
);
const environment = (norm: Norm = 'layer') => ({ hiddenSize: 8, norm, random: createRandom(1) });
const context = {
  iteration: 0,
  training: true,
  random: createRandom(2),
  groups: 3,
  statistics: 'batch',
} as const;

describeBackends('ladder', () => {
  it.each(combinations)('conforms as a mapping ($norm, $gate)', async ({ norm, gate }) => {
    await checkMapping(ladder({ sizes: [6, 5], gate }), { registries, norm, rowsIndependent: norm === 'layer' });
  });

  it.each(combinations)('conforms within a core, and classifies ($norm, $gate)', async ({ norm, gate }) => {
    await checkCore(projected({ hiddenSize: 8, norm, mapping: ladder({ sizes: [6, 4], gate, classes: 3 }) }), {
      registries,
      rowsIndependent: norm === 'layer',
    });
  });

  it('conforms with one layer, and with four', async () => {
    await checkMapping(ladder({ sizes: [5] }), { registries, rowsIndependent: true });
    await checkMapping(ladder({ sizes: [7, 6, 5, 4] }), { registries, rowsIndependent: true });
  });

  it.each(combinations)(
    'untrained, has gradients of sane size and an output that is not zero ($norm, $gate)',
    async ({ norm, gate }) => {
      const mapping = ladder({ sizes: [6, 5], gate }).create(environment(norm));
      const hidden = tf.tensor2d(
        createRandom(3)
          .normal(12 * 8)
          .map(Math.abs),
        [12, 8],
      );
      const { output } = mapping.apply(hidden, context);
      expect(Math.max(...(await output.data()).map(Math.abs))).toBeGreaterThan(0.1);
      const variables = Object.values(mapping.parameters());
      const dy = tf.fill(output.shape, 1 / output.size);
      const { value, grads } = tf.engine().gradients(() => mapping.apply(hidden, context).output, variables, dy);
      for (const gradient of grads) {
        expect(Math.max(...(await gradient.data()).map(Math.abs))).toBeLessThan(10);
      }
      tf.dispose([hidden, output, dy, value, ...grads]);
      mapping.dispose();
    },
  );

  it('prefers the normalization of its options to the core’s', async () => {
    const one = ladder({ sizes: [5], norm: 'batch' }).create(environment('layer'));
    const hidden = tf.tensor2d(createRandom(3).normal(4 * 8), [4, 8]);
    one.apply(hidden, { ...context, statistics: 'calibrate' }).output.dispose();
    expect(Object.keys(one.state())).toContain('s_1/iteration_0/mean');
    hidden.dispose();
    one.dispose();
  });
});

describe('ladder', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each([
    ['sigmoid', 0],
    ['linear', 1],
  ] as const)('has the initial values of its docstring (%s gate)', async (gate, a10) => {
    const mapping = ladder({ sizes: [5, 4], gate }).create(environment());
    const first: Record<string, number> = {};
    for (const [name, variable] of Object.entries(mapping.parameters())) {
      const values = [...(await variable.data())];
      if (/^[WV]/.test(name)) continue;
      expect(new Set(values).size).toBe(1);
      first[name.replace(/_\d+$/, '')] = values[0] as number;
    }
    expect(first).toEqual({ b: 0, c: 1, a1: 0, a2: 1, a3: 0, a4: 0, a5: 0, a6: 0, a7: 1, a8: 0, a9: 0, a10 });
    mapping.dispose();
  });

  it('names and shapes its parameters as the paper does', () => {
    const mapping = ladder({ sizes: [5, 4] }).create(environment());
    const shapes = Object.fromEntries(Object.entries(mapping.parameters()).map(([name, { shape }]) => [name, shape]));
    const combinators = [8, 5, 4].flatMap((size, l) =>
      Array.from({ length: 10 }, (_, i) => [`a${i + 1}_${l}`, [size]] as const),
    );
    expect(shapes).toEqual({
      W_1: [8, 5],
      b_1: [5],
      V_0: [5, 8],
      W_2: [5, 4],
      b_2: [4],
      V_1: [4, 5],
      c: [4],
      ...Object.fromEntries(combinators),
    });
    mapping.dispose();
  });

  it('draws weights of variance 1 / fan-in', async () => {
    const mapping = ladder({ sizes: [100] }).create({ ...environment(), hiddenSize: 400 });
    for (const [name, fanIn] of [
      ['W_1', 400],
      ['V_0', 100],
    ] as const) {
      const values = (await (mapping.parameters()[name] as tf.Variable).data()) as Float32Array;
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      expect(Math.abs(mean)).toBeLessThan(0.01 / Math.sqrt(fanIn) + 1e-3);
      expect(variance * fanIn).toBeCloseTo(1, 1);
    }
    mapping.dispose();
  });

  it.each<[string, unknown]>([
    ['no options', undefined],
    ['no layers', { sizes: [] }],
    ['a layer of one unit', { sizes: [5, 1] }],
    ['sizes that are not a list', { sizes: 5 }],
    ['an unknown gate', { sizes: [5], gate: 'tanh' }],
    ['an unknown norm', { sizes: [5], norm: 'group' }],
    ['classes that do not fit the top', { sizes: [5, 4], classes: 4 }],
    ['a misspelled option', { sizes: [5], gaet: 'linear' }],
  ])('refuses %s', (_, options) => {
    expect(() => ladder(options as LadderOptions)).toThrow(withCode('INVALID_OPTION'));
  });
});
