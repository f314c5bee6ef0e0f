import { readTree } from '@taggerjs/nn';
import { createRandom } from '@taggerjs/random';
import { describeBackends, withCode } from '@taggerjs-tools/testing';

import { convolutional } from './convolutional';
import { checkCore } from '../testing';

describeBackends('convolutional', () => {
  it.each(['layer', 'batch'] as const)('conforms (%s norm)', async (norm) => {
    const options = { inputShape: [4, 4], groups: 2, batch: 2, iterations: 2, rowsIndependent: norm === 'layer' };
    await checkCore(convolutional({ channels: [3, 2], norm }), options);
  });

  it('conforms with color images', async () => {
    const options = { inputShape: [4, 4, 3], channels: 3, groups: 2, batch: 2, rowsIndependent: true };
    await checkCore(convolutional({ channels: [3, 2] }), options);
  });

  it('conforms at one size, with predictions that begin as the data are', async () => {
    await checkCore(convolutional({ channels: [3], predictionInit: 'data' }), {
      inputShape: [3, 2, 1],
      rowsIndependent: true,
    });
  });

  it('starts with the mean of the data', async () => {
    const core = convolutional({ channels: [3], predictionInit: 'data' }).create({
      inputShape: [2, 2],
      inputSize: 4,
      random: createRandom(1),
      data: { mean: 0.25, standardDeviation: 0.5 },
    });
    expect((await readTree(core.parameters()))['bias_z']).toEqual({ shape: [1], data: Float32Array.of(0.25) });
    core.dispose();
  });
});

describe('convolutional', () => {
  it.each([
    [{}, 'channels'],
    [{ channels: [] }, 'channels'],
    [{ channels: [3, 0] }, 'channels'],
    [{ channels: [3], norm: 'group' }, 'norm'],
    [{ channels: [3], predictionInit: 'zero' }, 'predictionInit'],
    [{ channels: [3], size: 2 }, 'size'],
  ])('refuses %j', (options, name) => {
    expect(() => convolutional(options as never)).toThrow(withCode('INVALID_OPTION', name));
  });

  it.each([[[16]], [[6, 8]], [[4, 4, 3]]])('refuses inputs of shape %j for three sizes', (inputShape) => {
    const inputSize = inputShape.reduce((a, b) => a * b, 1);
    expect(() =>
      convolutional({ channels: [2, 2, 2] }).create({ inputShape, inputSize, random: createRandom(1) }),
    ).toThrow(withCode('INVALID_OPTION'));
  });

  it("needs the data's statistics for predictionInit 'data'", () => {
    const environment = { inputShape: [2, 2], inputSize: 4, random: createRandom(1) };
    expect(() => convolutional({ channels: [2], predictionInit: 'data' }).create(environment)).toThrow(
      withCode('INVALID_OPTION', 'data'),
    );
  });
});
