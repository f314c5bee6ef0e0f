import { mlp, projected } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip, gaussian } from '@taggerjs/noise';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';

import { createTagger, type TaggerOptions } from './create-tagger';

const core = projected({ hiddenSize: 8, mapping: mlp({ sizes: [6] }) });
const options: TaggerOptions = { inputShape: [3, 4], noise: bitflip(), core, initialPrediction: 0.3 };

/** The parameters of a Tagger of these options, as plain values. */
async function parametersOf(options: TaggerOptions) {
  const tagger = createTagger(options);
  const values = await readTree(tagger.parameters());
  tagger.dispose();
  return values;
}

describeBackends('createTagger', () => {
  it('takes four groups, three iterations and probabilities where nothing is said', () => {
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

  it('takes the mean of the training data as the initial prediction, unless another is given', () => {
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

  it('gives the same parameters for the same seed, others for another', async () => {
    const one = await parametersOf({ ...options, seed: 'a' });
    expect(await parametersOf({ ...options, seed: 'a' })).toEqual(one);
    const other = await parametersOf({ ...options, seed: 'b' });
    expect(other['W_h']!.data).not.toEqual(one['W_h']!.data);
    expect(await parametersOf(options)).toEqual(await parametersOf({ ...options, seed: 0 }));
  });

  it('has a configuration that later changes of the options do not reach', () => {
    const inputShape = [3, 4];
    const tagger = createTagger({ ...options, inputShape });
    inputShape[0] = 7;
    expect(tagger.config.inputShape).toEqual([3, 4]);
    tagger.dispose();
  });

  it.each<[string, Partial<Record<keyof TaggerOptions, unknown>>, RegExp]>([
    ['no input shape', { inputShape: undefined }, /inputShape must be one or more positive integers/],
    ['an empty input shape', { inputShape: [] }, /inputShape must be .* not \[\]/],
    ['an input shape with a zero', { inputShape: [20, 0] }, /inputShape must be .* not \[20,0\]/],
    ['an input shape with a fraction', { inputShape: [2.5] }, /inputShape must be .* not \[2\.5\]/],
    ['no groups', { groups: 0 }, /groups must be a positive integer, not 0/],
    ['half a group', { groups: 2.5 }, /groups must be a positive integer, not 2\.5/],
    ['no iterations', { iterations: 0 }, /iterations must be a positive integer, not 0/],
    ['more groups than a byte numbers', { groups: 257 }, /groups must be at most 256, not 257/],
    ['iterations without end', { iterations: 1e9 }, /iterations must be at most 1000, not 1000000000/],
    ['NaN iterations', { iterations: NaN }, /iterations must be a positive integer, not NaN/],
    [
      'no initial prediction',
      { initialPrediction: undefined },
      /must be a finite number, not undefined.*statistics\(\)/,
    ],
    ['an infinite initial prediction', { initialPrediction: Infinity }, /must be a finite number, not Infinity/],
    ['an unknown prediction input', { predictionInput: 'logits' }, /must be 'probability' or 'logit', not 'logits'/],
  ])('refuses %s', async (_, wrong, message) => {
    await expectNoLeak(() => {
      expect(() => createTagger({ ...options, ...wrong } as TaggerOptions)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
      );
    });
  });

  it('leaves nothing behind where a part cannot be made', async () => {
    await expectNoLeak(() => {
      const broken = { ...core, create: () => { throw new Error('no core today'); } }; // prettier-ignore
      expect(() => createTagger({ ...options, noise: gaussian(), core: broken })).toThrow('no core today');
    });
  });
});
