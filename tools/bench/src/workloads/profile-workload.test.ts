import '@tensorflow/tfjs-backend-cpu';

import * as nn from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs';

import { profileParts } from '../measurements/profile';
import { NAMED_SETTINGS } from '../step-settings';
import type { VariantSetup } from '../variants/variants';
import { profileWorkload, type ProfileReply } from './profile-workload';

/** Two products, one transposed, so that its composition calls a transpose; a sigmoid; and a separate transpose. */
const variant: VariantSetup = {
  setUp: async () => 'wasm',
  makeStep: () => async () =>
    tf.tidy(() => {
      const a = tf.ones<tf.Rank.R2>([30, 20]);
      const product = nn.matMul(nn.matMul(a, a, { transposeB: true }), a);
      nn.sigmoid(tf.transpose(product));
      return 0;
    }),
};

describe('a profile', () => {
  it('counts kernels that a product calls as part of it, and every kernel once', async () => {
    await tf.setBackend('cpu');
    const answer = await profileWorkload({ variant, threads: 1, settings: NAMED_SETTINGS.small });
    const reply = (await answer('step')) as ProfileReply;
    expect(reply.kernels['TaggerMatMul']?.calls).toBe(2);
    expect(reply.kernels['Transpose']?.calls).toBe(1);
    expect(reply.kernels['BatchMatMul']).toBeUndefined();
    expect(reply.kernels['TaggerSigmoid']?.calls).toBe(1);

    const { products, elementWise, outside } = profileParts(reply);
    expect(products).toBeCloseTo(reply.kernels['TaggerMatMul']?.milliseconds as number, 9);
    expect(products + elementWise + outside).toBeCloseTo(reply.milliseconds, 9);
    expect(Math.min(products, elementWise, outside)).toBeGreaterThan(0);
  });
});
