import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import type { Norm, TensorTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { Core, CoreEnvironment } from '../contracts/core';
import { mlp } from './mlp';
import type { MappingComponent, MappingEnvironment } from '../contracts/parametric-mapping';
import { projected, type ProjectedOptions } from './projected';
import { resolveCore } from '../registry/cores';
import { checkCore } from '../testing';

const mapping = mlp({ sizes: [7] });
const environment: CoreEnvironment = { inputSize: 6, inputShape: [2, 3], random: createRandom(1) };
const context = { iteration: 0, training: false, random: createRandom(2), groups: 2, statistics: 'batch' } as const;

/** A mapping of no parameters, which notes what it is made for. */
const noting = (made: MappingEnvironment[], type = 'noting'): MappingComponent => ({
  config: { type },
  create: (given) => {
    made.push(given);
    return {
      apply: (hidden) => ({ output: tf.tidy(() => tf.mul(hidden, 2)) }),
      parameters: () => ({}),
      state: () => ({}),
      dispose: () => undefined,
    };
  },
});
const valuesOf = async (tree: TensorTree, name: string) => [...(await (tree[name] as tf.Variable).data())];
const use = async (core: Core, run: (core: Core) => Promise<void>) => {
  try {
    await run(core);
  } finally {
    core.dispose();
  }
};

describeBackends('projected', () => {
  it.each(['layer', 'batch'] as const)('conforms (%s norm)', async (norm) => {
    await checkCore(projected({ hiddenSize: 8, norm, mapping }), { rowsIndependent: norm === 'layer' });
  });

  it('conforms with three channels', async () => {
    await checkCore(projected({ hiddenSize: 8, mapping }), {
      inputShape: [2, 2, 3],
      channels: 3,
      rowsIndependent: true,
    });
  });

  it('adds the likelihood of each pixel to its assignment if asked to', async () => {
    await expectNoLeak(async () => {
      const create = (assignmentSkip: boolean) =>
        projected({ hiddenSize: 5, assignmentSkip, mapping: noting([]) }).create(environment);
      const input = tf.tensor2d(createRandom(3).normal(4 * 24), [4, 24]);
      const [without, skipping] = [create(false), create(true)];
      expect(Object.keys(skipping.parameters()).filter((name) => !(name in without.parameters()))).toEqual(['gain_L']);
      const [a, b] = [without.apply(input, context), skipping.apply(input, context)];
      const [plain, more, all] = [await a.assignmentLogits.data(), await b.assignmentLogits.data(), await input.data()];
      for (let i = 0; i < 24; i++) {
        const L = all[24 * Math.floor(i / 6) + 18 + (i % 6)]!;
        expect(more[i]! - plain[i]!).toBeCloseTo(4 * L, 4);
      }
      tf.dispose([input, a.predictionLogits, a.assignmentLogits, b.predictionLogits, b.assignmentLogits]);
      without.dispose();
      skipping.dispose();
    });
  });

  it.each(['layer', 'batch'] as const)('conforms with uniform predictions (%s norm)', async (norm) => {
    await checkCore(projected({ hiddenSize: 8, norm, prediction: 'uniform', assignmentSkip: true, mapping }), {
      inputShape: [2, 2, 3],
      channels: 3,
      rowsIndependent: norm === 'layer',
    });
  });

  it('predicts one color for the whole image if asked to', async () => {
    await expectNoLeak(async () => {
      const options = { hiddenSize: 5, predictionInit: 'data', prediction: 'uniform', mapping: noting([]) } as const;
      const core = projected(options).create({
        ...{ inputSize: 12, inputShape: [2, 2, 3], channels: 3, random: createRandom(1) },
        data: { mean: 0.26, standardDeviation: 0.44 },
      });
      await use(core, async () => {
        expect(core.parameters()['W_z']!.shape).toEqual([5, 3]);
        expect(await valuesOf(core.parameters(), 'bias_z')).toEqual(Array(3).fill(Math.fround(0.26)));
        const input = tf.tensor2d(createRandom(3).normal(4 * 32), [4, 32]);
        const output = core.apply(input, context);
        const zhat = [...(await output.predictionLogits.data())];
        const colors = zhat.map((_, i) => zhat[Math.floor(i / 12) * 12 + (i % 3)]);
        expect(zhat).toEqual(colors);
        expect(new Set(zhat).size).toBe(4 * 3);
        expect(output.assignmentLogits.shape).toEqual([4, 4]);
        tf.dispose([input, output.predictionLogits, output.assignmentLogits]);
      });
    });
  });

  it("conforms with predictionInit 'data'", async () => {
    await checkCore(projected({ hiddenSize: 8, predictionInit: 'data', mapping }), { rowsIndependent: true });
  });

  it('computes what it says, about any mapping', async () => {
    await expectNoLeak(async () => {
      const core = projected({ hiddenSize: 5, predictionInit: 'data', mapping: noting([]) }).create({
        ...environment,
        data: { mean: 0.26, standardDeviation: 0.44 },
      });
      await use(core, async () => {
        const tree = core.parameters();
        tf.tidy(() => tree['gain_m']!.assign(tf.scalar(3)));
        const [W_h, W_z, W_m] = [
          await valuesOf(tree, 'W_h'),
          await valuesOf(tree, 'W_z'),
          await valuesOf(tree, 'W_m'),
        ] as const;
        const norm = (row: number[]) => {
          const mean = row.reduce((sum, v) => sum + v, 0) / row.length;
          const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / row.length;
          return row.map((v) => (v - mean) / Math.sqrt(variance + 1e-8));
        };
        const times = (row: number[], W: number[], columns: number) =>
          Array.from({ length: columns }, (_, j) => row.reduce((sum, v, i) => sum + v * W[i * columns + j]!, 0));
        const data = createRandom(3).normal(4 * 24);
        const input = tf.tensor2d(data, [4, 24]);
        const output = core.apply(input, context);
        const zhat = await output.predictionLogits.data();
        const mhat = await output.assignmentLogits.data();
        for (let row = 0; row < 4; row++) {
          const h = norm(times([...data.slice(row * 24, (row + 1) * 24)], W_h, 5)).map((v) => Math.max(0, v));
          const o = h.map((v) => 2 * v);
          for (const [j, v] of norm(times(o, W_z, 6)).entries()) {
            expect(zhat[row * 6 + j]).toBeCloseTo(v * 0.44 + 0.26, 4);
          }
          for (const [j, v] of norm(times(o, W_m, 6)).entries()) expect(mhat[row * 6 + j]).toBeCloseTo(v * 3, 4);
        }
        tf.dispose([input, output.predictionLogits, output.assignmentLogits]);
      });
    });
  });
});

describe('projected', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('names and shapes its parameters as the paper does, the mapping’s under its name', async () => {
    await use(projected({ hiddenSize: 8, mapping }).create(environment), async (core) => {
      const shapes = Object.fromEntries(Object.entries(core.parameters()).map(([name, { shape }]) => [name, shape]));
      expect(shapes).toEqual({
        W_h: [24, 8],
        b_h: [8],
        W_z: [8, 6],
        gain_z: [6],
        bias_z: [6],
        W_m: [8, 6],
        gain_m: [],
        'mlp/W_1': [8, 7],
        'mlp/b_1': [7],
        'mlp/W_2': [7, 8],
        'mlp/b_2': [8],
      });
    });
  });

  it.each([
    ['constant', { mean: 0.3, standardDeviation: 0.4 }, 1, 0],
    ['data', { mean: 0.3, standardDeviation: 0.4 }, Math.fround(0.4), Math.fround(0.3)],
    ['constant', undefined, 1, 0],
  ] as const)('begins the predictions by predictionInit %s and data %j', async (predictionInit, data, gain, bias) => {
    const made = { ...environment, ...(data && { data }) };
    await use(projected({ hiddenSize: 8, predictionInit, mapping }).create(made), async (core) => {
      expect(await valuesOf(core.parameters(), 'gain_z')).toEqual(Array(6).fill(gain));
      expect(await valuesOf(core.parameters(), 'bias_z')).toEqual(Array(6).fill(bias));
      expect(await valuesOf(core.parameters(), 'gain_m')).toEqual([1]);
    });
  });

  it.each([
    { mean: NaN, standardDeviation: 1 },
    { mean: 0, standardDeviation: 0 },
  ])("refuses data of %j for predictionInit 'data', and leaves no tensor behind", async (data) => {
    await expectNoLeak(() => {
      const component = projected({ hiddenSize: 8, predictionInit: 'data', mapping });
      expect(() => component.create({ ...environment, data })).toThrow(withCode('INVALID_OPTION'));
    });
  });

  it("refuses predictionInit 'data' without data, and leaves no tensor behind", async () => {
    await expectNoLeak(() => {
      const component = projected({ hiddenSize: 8, predictionInit: 'data', mapping });
      expect(() => component.create(environment)).toThrow(withCode('INVALID_OPTION'));
    });
  });

  it('makes its mapping for its hidden size and norm', () => {
    const made: MappingEnvironment[] = [];
    projected({ hiddenSize: 8, norm: 'batch', mapping: noting(made) })
      .create(environment)
      .dispose();
    expect(made).toEqual([expect.objectContaining({ hiddenSize: 8, norm: 'batch' })]);
  });

  it('takes its mapping as JSON, of this package or of a registry', () => {
    const config = { type: 'noting' };
    const registries = { mappings: { noting: () => noting([]) } };
    expect(projected({ hiddenSize: 8, mapping: { type: 'mlp', sizes: [7] } }).config).toEqual(
      projected({ hiddenSize: 8, mapping }).config,
    );
    expect(projected({ hiddenSize: 8, mapping: config }, registries).config).toHaveProperty('mapping', config);
    expect(() => projected({ hiddenSize: 8, mapping: config })).toThrow(withCode('UNKNOWN_TYPE', 'noting', 'mlp'));
  });

  it('resolves from JSON, the mapping it nests from the same registries', () => {
    const config = { type: 'projected', hiddenSize: 8, norm: 'batch', mapping: { type: './noting.mjs' } } as const;
    const core = resolveCore(config, { mappings: { './noting.mjs': () => noting([]) } });
    expect(core.config).toEqual({ ...config, predictionInit: 'constant' });
  });

  it('refuses an input of the wrong size', async () => {
    await use(projected({ hiddenSize: 8, mapping }).create(environment), async (core) => {
      await expectNoLeak(() => {
        const input = tf.zeros<tf.Rank.R2>([4, 23]);
        expect(() => core.apply(input, context)).toThrow(withCode('INVALID_SHAPE'));
        input.dispose();
      });
    });
  });

  it('refuses a mapping’s output of the wrong shape, and names the mapping', async () => {
    const narrow: MappingComponent = {
      config: { type: 'narrow' },
      create: () => ({
        apply: (hidden) => ({ output: tf.tidy(() => tf.slice(hidden, [0, 0], [-1, 3])) as tf.Tensor2D }),
        parameters: () => ({}),
        state: () => ({}),
        dispose: () => undefined,
      }),
    };
    await use(projected({ hiddenSize: 8, mapping: narrow }).create(environment), async (core) => {
      const input = tf.ones<tf.Rank.R2>([4, 24]);
      expect(() => core.apply(input, context)).toThrow(withCode('INVALID_SHAPE', 'narrow'));
      input.dispose();
    });
  });

  it('refuses a mapping whose name is a normalization’s', async () => {
    await expectNoLeak(() => {
      const component = projected({ hiddenSize: 8, mapping: noting([], 'norm_h') });
      expect(() => component.create(environment)).toThrow(withCode('INVALID_OPTION', 'norm_h'));
    });
  });

  it.each<[string, unknown, string]>([
    ['no options', undefined, 'hiddenSize'],
    ['no hidden size', { mapping }, 'hiddenSize'],
    ['a hidden size of zero', { hiddenSize: 0, mapping }, 'hiddenSize'],
    ['an unknown norm', { hiddenSize: 8, norm: 'group' as Norm, mapping }, 'norm'],
    ['an unknown predictionInit', { hiddenSize: 8, predictionInit: 'mean', mapping }, 'predictionInit'],
    ['no mapping', { hiddenSize: 8 }, 'mapping'],
    ['a mapping that is a number', { hiddenSize: 8, mapping: 3 }, 'mapping'],
    ['a misspelled option', { hiddenSize: 8, mapping, predictionInt: 'data' }, 'predictionInt'],
  ])('refuses %s', (_, options, name) => {
    expect(() => projected(options as ProjectedOptions)).toThrow(withCode('INVALID_OPTION', name));
  });
});
