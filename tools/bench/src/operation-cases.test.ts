import '@tensorflow/tfjs-backend-cpu';

import * as nn from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import { NOT_MEASURED, operationCases } from './operation-cases';
import { NAMED_SETTINGS } from './step-settings';
import { VARIANTS, type VariantSetup } from './variants/variants';
import { operationWorkload } from './workloads/operation-workload';

const settings = { ...NAMED_SETTINGS.shapes, sizes: [8], groups: 2, batch: 3 };

beforeAll(() => tf.setBackend('cpu'));

describe('the measured operations', () => {
  it('are all operations, except those with a stated reason', () => {
    const measured = new Set(operationCases(2, 3, 8).map(({ operation }) => operation.kernelName));
    const missing = Object.entries(nn)
      .filter(([name]) => name.endsWith('Operation') && !/Gradient|^define/.test(name) && !(name in NOT_MEASURED))
      .filter(([, operation]) => !measured.has((operation as { kernelName: string }).kernelName))
      .map(([name]) => name);
    expect(missing).toEqual([]);
  });

  it.each(operationCases(2, 3, 8))('$name runs, and leaves no tensor', async ({ name, differentiable }) => {
    const answer = await operationWorkload({ variant: VARIANTS['composed'] as VariantSetup, threads: 1, settings });
    const before = tf.memory().numTensors;
    for (const what of differentiable ? ['forward', 'both'] : ['forward']) {
      const reply = await answer(`${what} ${name}`);
      expect(reply).toMatchObject({ servedBy: 'composed', milliseconds: expect.any(Number) });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
