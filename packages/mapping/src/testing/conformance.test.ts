import { describeBackends } from '@taggerjs-tools/testing';
import {
  addBias,
  createNormalization,
  disposeTree,
  initialWeights,
  matMul,
  softmax,
  type ComponentConfig,
} from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput } from '../contracts/core';
import { projected } from '../projected/projected';
import { mlp } from '../projected/mlp';
import type {
  MappingComponent,
  MappingEnvironment,
  MappingOutput,
  ParametricMapping,
} from '../contracts/parametric-mapping';
import { checkCore, checkMapping, type CheckMappingOptions, type ConformanceRule } from '../testing';

/** What a plant may use of the sound mapping that it spoils. */
interface Sound extends ParametricMapping {
  readonly W: tf.Variable<tf.Rank.R2>;
  readonly b: tf.Variable<tf.Rank.R1>;
}

/** A sound mapping, o = relu(norm(h W) + b) by the batch's statistics, but for what is planted in it. */
function planted(
  plant: (sound: Sound, environment: MappingEnvironment) => Partial<ParametricMapping> = () => ({}),
  config: object = {},
): MappingComponent {
  return {
    config: { type: 'planted', ...config } as ComponentConfig,
    create(environment) {
      const { hiddenSize: size, random } = environment;
      const W = initialWeights(random.fork('W'), [size, size]);
      const b = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([size])));
      const normalization = createNormalization({ norm: 'batch', size });
      const sound: Sound = {
        W,
        b,
        apply: (hidden, context) => ({
          output: tf.tidy(() => addBias(normalization.apply(matMul(hidden, W), context), b, { activation: 'relu' })),
        }),
        parameters: () => ({ W, b }),
        state: () => normalization.state(),
        prepareState: (names) => normalization.prepareState(names),
        dispose() {
          disposeTree({ W, b });
          normalization.dispose();
        },
      };
      return { ...sound, ...plant(sound, environment) };
    },
  };
}

/** The sound mapping, with something done to its output. */
const spoiled = (
  spoil: (output: tf.Tensor2D, context: CoreContext, hidden: tf.Tensor2D) => MappingOutput | tf.Tensor,
) =>
  planted((sound) => ({
    apply: (hidden, context) =>
      tf.tidy(() => {
        const result = spoil(sound.apply(hidden, context).output, context, hidden);
        return (result instanceof tf.Tensor ? { output: result } : result) as MappingOutput & tf.TensorContainerObject;
      }),
  }));

const check = (
  component: MappingComponent,
  options: CheckMappingOptions = {},
  resolved: () => unknown = () => component,
) => checkMapping(component, { registries: { mappings: { planted: resolved as () => MappingComponent } }, ...options });

const broken: readonly (readonly [plant: string, component: MappingComponent, rule: ConformanceRule])[] = [
  ['a config with a value that JSON does not have', planted(undefined, { sizes: new Float32Array(2) }), 'config'],
  ['a config with NaN', planted(undefined, { rate: NaN }), 'config'],
  ['a config with undefined', planted(undefined, { rate: undefined }), 'config'],
  ['no type', planted(undefined, { type: undefined }), 'config'],
  [
    'initial values that are not repeated',
    planted(({ b }) => {
      const noise = Float32Array.from({ length: b.size }, () => Math.random());
      tf.tidy(() => b.assign(tf.tensor1d(noise)));
      return {};
    }),
    'config',
  ],
  [
    'a parameter that is not a variable',
    planted(({ W }) => ({ parameters: () => ({ W: W.clone() as tf.Variable }) })),
    'trees',
  ],
  [
    'a tensor both trained and not',
    planted(({ W, b }) => ({ parameters: () => ({ W, b }), state: () => ({ b }) })),
    'trees',
  ],
  ['one variable by two names', planted(({ W, b }) => ({ parameters: () => ({ W, b, c: b }) })), 'trees'],
  [
    'parameters that change their names',
    planted(({ W, b }) => {
      let calls = 0;
      return { parameters: () => ({ W, [calls++ < 6 ? 'b' : 'bias']: b }) };
    }),
    'determinism',
  ],
  ['an output of the wrong shape', spoiled((output) => tf.slice(output, [0, 1], [-1, -1])), 'outputs'],
  [
    'an output of another name',
    planted(({ apply }) => ({ apply: (h, c) => ({ result: apply(h, c).output }) as unknown as MappingOutput })),
    'outputs',
  ],
  ['NaN', spoiled((output) => tf.log(tf.neg(output))), 'outputs'],
  ['NaN for one row alone', spoiled((output) => tf.div(output, output.shape[0] === 1 ? 0 : 1)), 'outputs'],
  [
    'class probabilities that do not sum to one',
    spoiled((output) => ({ output, classProbabilities: tf.sigmoid(output) as tf.Tensor2D })),
    'outputs',
  ],
  [
    'classes of some calls only',
    spoiled((output, { iteration }) => (iteration === 0 ? output : { output, classProbabilities: softmax(output) })),
    'outputs',
  ],
  ['the input as output', planted(() => ({ apply: (hidden) => ({ output: hidden }) })), 'outputs'],
  ['a parameter as output', planted(({ W }) => ({ apply: () => ({ output: W }) })), 'outputs'],
  [
    'a disposed input',
    planted(({ apply }) => ({ apply: (h, c) => [apply(h, c), h.dispose()][0] as MappingOutput })),
    'outputs',
  ],
  ['random outputs', spoiled((output) => tf.mul(output, 1 + Math.random())), 'config'],
  [
    'a memory of former calls',
    planted(({ apply }) => {
      let calls = 0;
      return { apply: (h, c) => tf.tidy(() => ({ output: tf.mul(apply(h, c).output, ++calls) as tf.Tensor2D })) };
    }),
    'determinism',
  ],
  [
    'parameters that a call changes',
    planted(({ apply, b }) => ({
      apply(h, c) {
        const result = apply(h, c);
        tf.tidy(() => b.assign(tf.add(b, 1e-7)));
        return result;
      },
    })),
    'determinism',
  ],
  [
    'rows taken for batch-major',
    // Adds to each row what its neighbors have in [B, K, D], as if the rows of an example were together.
    spoiled((output, { groups }) => {
      const size = output.shape[1];
      const cube = tf.reshape(output, [-1, groups, size]);
      return tf.reshape(tf.add(cube, tf.mean(cube, 1, true)), [-1, size]);
    }),
    'permutations',
  ],
  [
    'a value by the row’s place',
    spoiled((output) => tf.add(output, tf.reshape(tf.range(0, output.shape[0]), [-1, 1]))),
    'permutations',
  ],
  [
    'a parameter without effect',
    planted(({ W, b, dispose }, { random }) => {
      const unused = initialWeights(random.fork('unused'), [2, 2]);
      return { parameters: () => ({ W, b, unused }), dispose: () => [unused.dispose(), dispose()] as never };
    }),
    'gradients',
  ],
  ['an operation without gradient', spoiled((output) => tf.topk(output, output.shape[1]).values), 'gradients'],
  ['a gradient that stops', spoiled((output) => tf.tensor(output.dataSync(), output.shape)), 'gradients'],
  [
    'an error of its own before calibration',
    planted(({ apply }) => {
      let calibrated = false;
      return {
        apply(h, c) {
          calibrated ||= c.statistics === 'calibrate';
          if (c.statistics === 'calibrated' && !calibrated) throw new Error('not yet');
          return apply(h, c);
        },
      };
    }),
    'calibration',
  ],
  [
    'statistics that are mixed among iterations',
    planted(({ apply }) => ({ apply: (h, c) => apply(h, { ...c, iteration: 0 }) })),
    'statistics',
  ],
  [
    'statistics of the rows at hand after calibration',
    planted(({ apply }) => ({ apply: (h, c) => apply(h, { ...c, statistics: 'batch' }) })),
    'calibration',
  ],
  [
    'other results while calibrating',
    planted(({ apply }) => ({
      apply: (h, c) =>
        tf.tidy(() => ({
          output: tf.mul(apply(h, c).output, c.statistics === 'calibrate' ? 2 : 1) as tf.Tensor2D,
        })),
    })),
    'calibration',
  ],
  ['state that cannot be prepared', planted(() => ({ prepareState: () => undefined })), 'saving'],
  [
    'state that is not forgotten',
    planted(({ prepareState }) => ({
      prepareState: (names) => Object.keys(names).length > 0 && prepareState?.(names),
    })),
    'saving',
  ],
  [
    'what is not in its trees',
    planted(({ apply }, { random }) => {
      const scale = 1 + random.uniform(1)[0]!;
      return { apply: (h, c) => tf.tidy(() => ({ output: tf.mul(apply(h, c).output, scale) as tf.Tensor2D })) };
    }),
    'saving',
  ],
  [
    'a leak in every call',
    planted(({ apply }) => ({ apply: (h, c) => [apply(h, c), tf.zeros([2])][0] as MappingOutput })),
    'memory',
  ],
  ['a leak of dispose', planted(({ W }) => ({ dispose: () => W.dispose() })), 'memory'],
];

describeBackends('checkMapping', () => {
  // Broken parts leave tensors behind, which must not reach the next test.
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it('accepts a sound mapping', async () => {
    await check(planted());
  });

  it.each(broken)('finds %s', async (_, component, rule) => {
    await expect(check(component)).rejects.toMatchObject({ rule });
  });
});

describeBackends('checkCore', () => {
  const sound = () => projected({ hiddenSize: 8, mapping: mlp({ sizes: [] }) });
  /** A sound core, with something done to its output. */
  const spoiledCore = (spoil: (output: CoreOutput) => CoreOutput): CoreComponent => ({
    config: { type: 'spoiled' },
    create(environment: CoreEnvironment): Core {
      const core = sound().create(environment);
      return {
        ...core,
        apply: (input, context) => spoil(core.apply(input, context)),
      };
    },
  });
  const checkSpoiled = (component: CoreComponent) =>
    checkCore(component, { registries: { cores: { spoiled: () => component } } });

  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it('accepts a sound core, for any shape of input and of batch', async () => {
    await checkSpoiled(spoiledCore((output) => output));
    await checkCore(sound(), { inputShape: [3, 3, 1], groups: 2, batch: 2, iterations: 1 });
  });

  it('finds a missing output', async () => {
    const component = spoiledCore(({ predictionLogits }) => ({ predictionLogits }) as CoreOutput);
    await expect(checkSpoiled(component)).rejects.toMatchObject({ rule: 'outputs' });
  });

  it('finds one tensor for two outputs', async () => {
    const component = spoiledCore(({ predictionLogits }) => ({ predictionLogits, assignmentLogits: predictionLogits }));
    await expect(checkSpoiled(component)).rejects.toMatchObject({ rule: 'outputs' });
  });

  it('finds rows that depend on others although they should not', async () => {
    const component = projected({ hiddenSize: 8, norm: 'batch', mapping: mlp({ sizes: [] }) });
    await expect(checkCore(component, { rowsIndependent: true })).rejects.toMatchObject({ rule: 'rows' });
  });

  it('finds an unregistered type', async () => {
    const component = { ...sound(), config: { type: 'unheard-of' } };
    await expect(checkCore(component)).rejects.toMatchObject({ rule: 'config' });
  });

  it('finds an incomplete config', async () => {
    const forgetful = (options: { readonly hiddenSize?: number }): CoreComponent => ({
      config: { type: 'spoiled' },
      create: (environment) =>
        projected({ hiddenSize: options.hiddenSize ?? 5, mapping: mlp({ sizes: [] }) }).create(environment),
    });
    await expect(
      checkCore(forgetful({ hiddenSize: 8 }), { registries: { cores: { spoiled: forgetful } } }),
    ).rejects.toMatchObject({ rule: 'config' });
  });

  it('refuses fewer than two groups', async () => {
    await expect(checkCore(sound(), { groups: 1 })).rejects.toThrow();
  });
});
