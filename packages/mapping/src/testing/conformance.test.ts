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
import { checkCore, checkMapping, type CheckMappingOptions } from '../testing';

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

const broken: readonly (readonly [plant: string, component: MappingComponent, message: RegExp])[] = [
  ['a config with what is no JSON', planted(undefined, { sizes: new Float32Array(2) }), /plain JSON.*only JSON's own/],
  ['a config with NaN', planted(undefined, { rate: NaN }), /plain JSON.*only JSON's own/],
  ['a config with undefined', planted(undefined, { rate: undefined }), /plain JSON.*only JSON's own/],
  ['no type', planted(undefined, { type: undefined }), /plain JSON.*type must be a string/],
  [
    'initial values that are not repeated',
    planted(({ b }) => {
      const noise = Float32Array.from({ length: b.size }, () => Math.random());
      tf.tidy(() => b.assign(tf.tensor1d(noise)));
      return {};
    }),
    /plain JSON.*other results|initial values.*'b' has other initial values/,
  ],
  [
    'a parameter that is not a variable',
    planted(({ W }) => ({ parameters: () => ({ W: W.clone() as tf.Variable }) })),
    /apart.*'W' is not a tf.Variable/,
  ],
  [
    'a tensor both trained and not',
    planted(({ W, b }) => ({ parameters: () => ({ W, b }), state: () => ({ b }) })),
    /apart.*'b' is both/,
  ],
  [
    'one variable by two names',
    planted(({ W, b }) => ({ parameters: () => ({ W, b, c: b }) })),
    /apart.*names one variable twice/,
  ],
  [
    'parameters that change their names',
    planted(({ W, b }) => {
      let calls = 0;
      return { parameters: () => ({ W, [calls++ < 6 ? 'b' : 'bias']: b }) };
    }),
    /'b'|'bias'/,
  ],
  [
    'an output of the wrong shape',
    spoiled((output) => tf.slice(output, [0, 1], [-1, -1])),
    /shape \[12,7\], not \[12, 8\]/,
  ],
  [
    'an output of another name',
    planted(({ apply }) => ({ apply: (h, c) => ({ result: apply(h, c).output }) as unknown as MappingOutput })),
    /no output 'result'/,
  ],
  ['NaN', spoiled((output) => tf.log(tf.neg(output))), /'output' holds (NaN|-Infinity)/],
  [
    'NaN for one row alone',
    spoiled((output) => tf.div(output, output.shape[0] === 1 ? 0 : 1)),
    /for any K and B.*With K = 1 and B = 1: 'output' holds/,
  ],
  [
    'class probabilities that do not sum to one',
    spoiled((output) => ({ output, classProbabilities: tf.sigmoid(output) as tf.Tensor2D })),
    /no distribution/,
  ],
  [
    'classes of some calls only',
    spoiled((output, { iteration }) => (iteration === 0 ? output : { output, classProbabilities: softmax(output) })),
    /for any K and B.*returns output in one call and classProbabilities, output in another/,
  ],
  ['the input as output', planted(() => ({ apply: (hidden) => ({ output: hidden }) })), /'output' is the input itself/],
  ['a parameter as output', planted(({ W }) => ({ apply: () => ({ output: W }) })), /'output' (is W itself|has shape)/],
  [
    'a disposed input',
    planted(({ apply }) => ({ apply: (h, c) => [apply(h, c), h.dispose()][0] as MappingOutput })),
    /disposes its input/,
  ],
  [
    'random outputs',
    spoiled((output) => tf.mul(output, 1 + Math.random())),
    /plain JSON.*other results|same call gives the same result/,
  ],
  [
    'a memory of former calls',
    planted(({ apply }) => {
      let calls = 0;
      return { apply: (h, c) => tf.tidy(() => ({ output: tf.mul(apply(h, c).output, ++calls) as tf.Tensor2D })) };
    }),
    /the same call gives the same result.*Called again/,
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
    /changed 'b'/,
  ],
  [
    'rows taken for batch-major',
    // Adds to each row what its neighbors have in [B, K, D], as if the rows of an example were together.
    spoiled((output, { groups }) => {
      const size = output.shape[1];
      const cube = tf.reshape(output, [-1, groups, size]);
      return tf.reshape(tf.add(cube, tf.mean(cube, 1, true)), [-1, size]);
    }),
    /permuted (groups|examples)/,
  ],
  [
    'a value by the row’s place',
    spoiled((output) => tf.add(output, tf.reshape(tf.range(0, output.shape[0]), [-1, 1]))),
    /permuted groups/,
  ],
  [
    'a parameter without effect',
    planted(({ W, b, dispose }, { random }) => {
      const unused = initialWeights(random.fork('unused'), [2, 2]);
      return { parameters: () => ({ W, b, unused }), dispose: () => [unused.dispose(), dispose()] as never };
    }),
    /gradients are finite.*'unused' are zero/,
  ],
  [
    'an operation without gradient',
    spoiled((output) => tf.topk(output, output.shape[1]).values),
    /gradients are finite.*TopK/,
  ],
  [
    'a gradient that stops',
    spoiled((output) => tf.tensor(output.dataSync(), output.shape)),
    /gradients are finite.*'W', 'b' are zero/,
  ],
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
    /can be calibrated.*NOT_CALIBRATED.*not yet/,
  ],
  [
    'statistics that are mixed among iterations',
    planted(({ apply }) => ({ apply: (h, c) => apply(h, { ...c, iteration: 0 }) })),
    /calibrated on one batch.*At iteration 0, with statistics 'calibrated' of these very rows/,
  ],
  [
    'statistics of the rows at hand after calibration',
    planted(({ apply }) => ({ apply: (h, c) => apply(h, { ...c, statistics: 'batch' }) })),
    /each example is its own.*at iteration 0, example 0 alone/,
  ],
  [
    'other results while calibrating',
    planted(({ apply }) => ({
      apply: (h, c) =>
        tf.tidy(() => ({
          output: tf.mul(apply(h, c).output, c.statistics === 'calibrate' ? 2 : 1) as tf.Tensor2D,
        })),
    })),
    /'calibrate' give other results/,
  ],
  [
    'state that cannot be prepared',
    planted(() => ({ prepareState: () => undefined })),
    /saved values restore.*'iteration_0\/count' is missing/,
  ],
  [
    'state that is not forgotten',
    planted(({ prepareState }) => ({
      prepareState: (names) => Object.keys(names).length > 0 && prepareState?.(names),
    })),
    /saved values restore.*must forget/,
  ],
  [
    'what is not in its trees',
    planted(({ apply }, { random }) => {
      const scale = 1 + random.uniform(1)[0]!;
      return { apply: (h, c) => tf.tidy(() => ({ output: tf.mul(apply(h, c).output, scale) as tf.Tensor2D })) };
    }),
    /saved values restore.*Restored, at iteration 0/,
  ],
  [
    'a leak in every call',
    planted(({ apply }) => ({ apply: (h, c) => [apply(h, c), tf.zeros([2])][0] as MappingOutput })),
    /no tensor is left behind.*A call with statistics 'batch' leaves 1/,
  ],
  [
    'a leak of dispose',
    planted(({ W }) => ({ dispose: () => W.dispose() })),
    /no tensor is left behind.*dispose\(\) leaves/,
  ],
];

describeBackends('checkMapping', () => {
  // A broken part leaves tensors behind; the next test is not to see them.
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it('finds a sound mapping sound', async () => {
    await check(planted());
  });

  it.each(broken)('finds %s', async (_, component, message) => {
    await expect(check(component)).rejects.toThrow(message);
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

  it('finds a sound core sound, for any shape of input and of batch', async () => {
    await checkSpoiled(spoiledCore((output) => output));
    await checkCore(sound(), { inputShape: [3, 3, 1], groups: 2, batch: 2, iterations: 1 });
  });

  it('finds an output that is missing', async () => {
    const component = spoiledCore(({ predictionLogits }) => ({ predictionLogits }) as CoreOutput);
    await expect(checkSpoiled(component)).rejects.toThrow(/^checkCore\('spoiled'\): .*'assignmentLogits' is missing/);
  });

  it('finds one tensor for two outputs', async () => {
    const component = spoiledCore(({ predictionLogits }) => ({ predictionLogits, assignmentLogits: predictionLogits }));
    await expect(checkSpoiled(component)).rejects.toThrow(/'assignmentLogits' is the output 'predictionLogits' itself/);
  });

  it('finds rows that depend on others where they should not', async () => {
    const component = projected({ hiddenSize: 8, norm: 'batch', mapping: mlp({ sizes: [] }) });
    await expect(checkCore(component, { rowsIndependent: true })).rejects.toThrow(
      /broken rule: the results of a row do not depend on the other rows\. Row 0 alone/,
    );
  });

  it('finds a type that is not registered', async () => {
    const component = { ...sound(), config: { type: 'unheard-of' } };
    await expect(checkCore(component)).rejects.toThrow(/plain JSON.*no core of type 'unheard-of'.*'projected'/);
  });

  it('finds a config that does not say all', async () => {
    const forgetful = (options: { readonly hiddenSize?: number }): CoreComponent => ({
      config: { type: 'spoiled' },
      create: (environment) =>
        projected({ hiddenSize: options.hiddenSize ?? 5, mapping: mlp({ sizes: [] }) }).create(environment),
    });
    await expect(
      checkCore(forgetful({ hiddenSize: 8 }), { registries: { cores: { spoiled: forgetful } } }),
    ).rejects.toThrow(/plain JSON.*parameter 'W_h' has shape \[24,5\], not \[24,8\]/);
  });

  it('needs at least two groups and two examples', async () => {
    await expect(checkCore(sound(), { groups: 1 })).rejects.toThrow(/at least 2/);
  });
});
