import { mlp, projected } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip, gaussian } from '@taggerjs/noise';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';

import { createTagger, type TaggerOptions } from './create-tagger';

const core = projected({ hiddenSize: 8, mapping: mlp({ sizes: [6] }) });
const options: TaggerOptions = { inputShape: [3, 4], noise: bitflip(), core, initialPrediction: 0.3 };

/** The parameters of a Tagger with these options, as plain values. */
async function parametersOf(options: TaggerOptions) {
  const tagger = createTagger(options);
  const values = await readTree(tagger.parameters());
  tagger.dispose();
  return values;
}

describeBackends('createTagger', () => {
  it('defaults to four groups, three iterations and probabilities', () => {
    const tagger = createTagger(options);
    expect(tagger.config).toEqual({
      inputShape: [3, 4],
      groups: 4,
      iterations: 3,
      initialPrediction: 0.3,
      predictionInput: 'probability',
      noise: { type: 'bitflip', probability: 0.2 },
      core: core.config,
    });
    expect(tagger.inputSize).toBe(12);
    tagger.dispose();
  });

  it.each<[number[], number | undefined, number, number]>([
    [[3, 4], undefined, 1, 12],
    [[2, 2, 3], undefined, 3, 4],
    [[2, 2, 3], 1, 1, 12],
    [[2, 2, 1], undefined, 1, 4],
    [[4, 3], 3, 3, 4],
    // Otherwise refused, as channels first.
    [[3, 8, 9], 9, 9, 24],
    [[3, 8, 9], 1, 1, 216],
    [[2, 2, 2, 3], undefined, 1, 24],
  ])('of inputs %j with channels %j has %i channels and %i pixels', (inputShape, given, channels, pixels) => {
    const tagger = createTagger({ ...options, inputShape, ...(given !== undefined && { channels: given }) });
    expect(tagger).toMatchObject({ channels, pixels, inputSize: channels * pixels });
    expect(tagger.config.channels).toBe(channels === 1 ? undefined : channels);
    expect(tagger.parameters()['W_m']!.shape).toEqual([8, pixels]);
    tagger.dispose();
  });

  it('uses the mean of the training data as the initial prediction, unless another is given', () => {
    const data = { mean: 0.25, standardDeviation: 0.4 };
    const { initialPrediction: _, ...rest } = options;
    const byData = createTagger({ ...rest, data });
    const given = createTagger({ ...options, data });
    expect(byData.config.initialPrediction).toBe(0.25);
    expect(given.config.initialPrediction).toBe(0.3);
    byData.dispose();
    given.dispose();
  });

  it('gives the statistics of the training data to the core and the noise model', async () => {
    const data = { mean: 0.25, standardDeviation: 0.5 };
    const values = await parametersOf({
      ...options,
      data,
      noise: gaussian(),
      core: projected({ hiddenSize: 8, predictionInit: 'data', mapping: mlp({ sizes: [6] }) }),
    });
    expect(new Set(values['bias_z']!.data)).toEqual(new Set([0.25]));
    expect(new Set(values['gain_z']!.data)).toEqual(new Set([0.5]));
    expect(Math.exp(values['logVariance']!.data[0]!)).toBeCloseTo(0.25, 6);
  });

  it('draws the same parameters from the same seed, and different ones from another', async () => {
    const one = await parametersOf({ ...options, seed: 'a' });
    expect(await parametersOf({ ...options, seed: 'a' })).toEqual(one);
    const other = await parametersOf({ ...options, seed: 'b' });
    expect(other['W_h']!.data).not.toEqual(one['W_h']!.data);
    expect(await parametersOf(options)).toEqual(await parametersOf({ ...options, seed: 0 }));
  });

  it('copies the options into its configuration', () => {
    const inputShape = [3, 4];
    const tagger = createTagger({ ...options, inputShape });
    inputShape[0] = 7;
    expect(tagger.config.inputShape).toEqual([3, 4]);
    tagger.dispose();
  });

  it.each<[string, object]>([
    ['no input shape', { inputShape: undefined }],
    ['an empty input shape', { inputShape: [] }],
    ['an input shape with a zero', { inputShape: [20, 0] }],
    ['an input shape with a fraction', { inputShape: [2.5] }],
    ['channels that are not the last axis', { inputShape: [2, 2, 3], channels: 2 }],
    ['channels first', { inputShape: [3, 8, 9] }],
    ['channels without pixels', { inputShape: [3], channels: 3 }],
    ['half a channel', { inputShape: [2, 0.5], channels: 0.5 }],
    ['zero groups', { groups: 0 }],
    ['half a group', { groups: 2.5 }],
    ['more groups than fit in a byte', { groups: 257 }],
    ['zero iterations', { iterations: 0 }],
    ['a billion iterations', { iterations: 1e9 }],
    ['NaN iterations', { iterations: NaN }],
    ['no initial prediction', { initialPrediction: undefined }],
    ['an infinite initial prediction', { initialPrediction: Infinity }],
    ['an unknown prediction input', { predictionInput: 'logits' }],
    ['a misspelled option', { itrations: 3 }],
  ])('refuses %s', async (_, wrong) => {
    await expectNoLeak(() => {
      expect(() => createTagger({ ...options, ...wrong } as TaggerOptions)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    });
  });

  it('leaks nothing if a part cannot be created', async () => {
    await expectNoLeak(() => {
      const broken = { ...core, create: () => { throw new Error('no core today'); } }; // prettier-ignore
      expect(() => createTagger({ ...options, noise: gaussian(), core: broken })).toThrow('no core today');
    });
  });
});
