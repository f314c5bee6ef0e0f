import { createNormalization } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeak } from '@taggerjs-tools/testing';

import { joinStates } from './join-states';

describe('joinStates', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('gives each part its own names, and prepares each with them', async () => {
    await expectNoLeak(() => {
      const parts = {
        a: createNormalization({ norm: 'batch', size: 2 }),
        b: createNormalization({ norm: 'batch', size: 3 }),
      };
      const joined = joinStates(parts);
      const shapes = () => Object.fromEntries(Object.entries(joined.state()).map(([name, { shape }]) => [name, shape]));
      const names = {
        'a/iteration_0/count': [],
        'a/iteration_0/mean': [2],
        'a/iteration_0/variance': [2],
        'b/iteration_1/count': [],
        'b/iteration_1/mean': [3],
        'b/iteration_1/variance': [3],
      };
      expect(shapes()).toEqual({});
      joined.prepareState(names);
      expect(shapes()).toEqual(names);
      joined.prepareState({});
      expect(shapes()).toEqual({});
    });
  });

  it('skips parts without state', () => {
    const joined = joinStates({ a: { state: () => ({}) } });
    joined.prepareState({ 'a/x': [1] });
    expect(joined.state()).toEqual({});
  });
});
