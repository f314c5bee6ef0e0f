import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { limitParameters } from './limit-parameters';
import { mlp } from '../projected/mlp';
import { projected } from '../projected/projected';
import { spectral } from '../image/spectral';

const environment = { inputSize: 4, inputShape: [2, 2], random: createRandom(1) };

const environment4 = { inputSize: 16, inputShape: [4, 4], random: createRandom(1) };

describeBackends('limitParameters', () => {
  it('creates the same part if it is not too large', async () => {
    await expectNoLeak(async () => {
      const component = projected({ hiddenSize: 8, mapping: mlp({ sizes: [5] }) });
      const own = component.create(environment);
      const same = limitParameters(component, 300).create(environment);
      for (const [name, tensor] of Object.entries(own.parameters())) {
        expect([...(await same.parameters()[name]!.data())]).toEqual([...(await tensor.data())]);
      }
      own.dispose();
      same.dispose();
    });
  });

  it.each([
    ['hidden layer', projected({ hiddenSize: 1e9, mapping: mlp({ sizes: [] }) }), environment],
    ['layer of the mapping', projected({ hiddenSize: 8, mapping: mlp({ sizes: [5, 2 ** 40] }) }), environment],
    ['image', spectral({ channels: [1] }), { ...environment, inputSize: 2 ** 40, inputShape: [2 ** 20, 2 ** 20] }],
    ['layer of convolutions', spectral({ channels: [1, 2 ** 30] }), environment4],
    ['input', projected({ hiddenSize: 8, mapping: mlp({ sizes: [5] }) }), { ...environment, inputSize: 1e15 }],
  ])('refuses a huge %s before it takes memory, and leaves nothing', async (_, component, described) => {
    await expectNoLeak(() => {
      const before = tf.memory().numTensors;
      expect(() => limitParameters(component, 300).create(described)).toThrow(withCode('PARAMETER_MISMATCH'));
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
