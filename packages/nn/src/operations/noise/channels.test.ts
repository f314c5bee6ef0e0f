import * as tf from '@tensorflow/tfjs-core';
import { describeBackends, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';

import { checkOperation, references } from '../../testing';
import { uneven, unevenAssignments, unevenBits } from '../../testing/uneven';
import { bitflipCost } from './bitflip-cost';
import { bitflipLikelihood } from './bitflip-likelihood';
import { bitflipModelingError } from './bitflip-modeling-error';
import {
  bitflipPixelCost,
  bitflipPixelCostOperation,
  bitflipPixelError,
  bitflipPixelErrorOperation,
  bitflipPixelLikelihood,
  bitflipPixelLikelihoodOperation,
} from './bitflip-pixels';
import { gaussianAlgorithmErrorOperation } from './gaussian-algorithm-error';
import { gaussianCost, gaussianCostOperation } from './gaussian-cost';
import { gaussianExactErrorOperation } from './gaussian-exact-error';
import { gaussianLikelihood, gaussianLikelihoodOperation } from './gaussian-likelihood';
import { GAUSSIAN_ERROR_FORMS, gaussianModelingError } from './gaussian-modeling-error';
import { gaussianResidualErrorOperation } from './gaussian-residual-error';

describeBackends('noise of pixels with channels', () => {
  // 24 factors 1 / sqrt(2 pi s) overflow float32; at these distances, their products with the exponentials are 0, 1e-9 and 13.
  it('gives the modeling error of many channels with a small variance, with finite gradients', async () => {
    const [channels, sigma, distances] = [24, 1e-3, [0.5, 0.0037, 0.00343]];
    const values = distances.flatMap((d) => Array<number>(channels).fill(d));
    const [x, z] = [tf.tensor2d(values, [1, values.length]), tf.zeros<tf.Rank.R3>([1, 1, values.length])];
    const [m, logVariance] = [tf.ones<tf.Rank.R3>([1, 1, distances.length]), tf.scalar(-30)];
    const error = (input: tf.Tensor2D) =>
      gaussianModelingError(input, z, m, m, logVariance, { standardDeviation: sigma, channels, form: 'algorithm' });
    const expected = values.map((d) => d * Math.exp((-channels * (d / sigma) ** 2) / 2 - channels * Math.log(Math.sqrt(2 * Math.PI) * sigma))); // prettier-ignore
    expectAllClose(await error(x).data(), expected, { relative: 1e-3, absolute: 1e-10 });
    const gradient = await tf
      .grad((input) => tf.sum(error(input as tf.Tensor2D)))(x)
      .data();
    expect([...gradient].every(Number.isFinite)).toBe(true);
    tf.dispose([x, z, m, logVariance]);
  });

  describe.each([
    [3, 2, 5, 3],
    [4, 3, 1, 2],
    [1, 2, 3, 3],
    [2, 1, 1, 4],
  ])('K %i B %i P %i C %i', (K, B, P, channels) => {
    const N = P * channels;
    const { m, logM } = unevenAssignments([K, B, P]);
    const real = { corrupted: uneven([B, N]), z: uneven([K, B, N], { seed: 1 }) };
    const z = uneven([K, B, N], { seed: 1, from: 0.05, to: 0.95 });
    const bits = unevenBits([B, N]);

    it.each([
      [0.2, 0],
      [0.5, -3],
    ])('gives Gaussian likelihood, errors and cost with their gradients, sigma %d, log v %d', async (sigma, value) => {
      const logVariance = { shape: [], data: [value] };
      const attributes = { standardDeviation: sigma, channels };
      await checkOperation(gaussianLikelihoodOperation, {
        inputs: { ...real, logVariance },
        attributes,
        reference: references.gaussianLikelihood,
      });
      await checkOperation(gaussianAlgorithmErrorOperation, {
        inputs: { ...real, m, logVariance },
        attributes,
        reference: references.gaussianAlgorithmError,
      });
      await checkOperation(gaussianExactErrorOperation, {
        inputs: { ...real, logM, logVariance },
        attributes,
        reference: references.gaussianExactError,
      });
      await checkOperation(gaussianResidualErrorOperation, {
        inputs: { ...real, m },
        attributes: { channels },
        reference: references.gaussianResidualError,
      });
      await checkOperation(gaussianCostOperation, {
        inputs: { x: real.corrupted, z: real.z, logM, logVariance },
        attributes: { channels },
        reference: references.gaussianCost,
      });
    });

    it('gives bit-flip likelihood, error and cost with their gradients', async () => {
      const attributes = { probability: 0.2, channels };
      await checkOperation(bitflipPixelLikelihoodOperation, {
        inputs: { corrupted: bits, z },
        attributes,
        reference: references.bitflipPixelLikelihood,
      });
      await checkOperation(bitflipPixelErrorOperation, {
        inputs: { corrupted: bits, z, logM },
        attributes,
        reference: references.bitflipPixelError,
      });
      await checkOperation(bitflipPixelCostOperation, {
        inputs: { x: bits, z, logM },
        attributes: { probability: 1e-4, channels },
        reference: references.bitflipPixelCost,
      });
    });
  });

  it('is that of elements with one channel', async () => {
    const [K, B, N] = [3, 2, 5];
    const filled = <R extends tf.Rank>({ shape, data }: { shape: readonly number[]; data: number[] }) =>
      tf.tensor<R>(data, shape as tf.ShapeMap[R]);
    const bits = filled<tf.Rank.R2>(unevenBits([B, N]));
    const z = filled<tf.Rank.R3>(uneven([K, B, N], { from: 0.05, to: 0.95 }));
    const of = unevenAssignments([K, B, N]);
    const [m, logM] = [filled<tf.Rank.R3>(of.m), filled<tf.Rank.R3>(of.logM)];
    const how = { probability: 0.2, channels: 1 };
    for (const [pixel, element] of [
      [bitflipPixelLikelihood(bits, z, how), bitflipLikelihood(bits, z, how)],
      [bitflipPixelError(bits, z, logM, how), bitflipModelingError(bits, z, m, how)],
      [bitflipPixelCost(bits, z, logM, how), bitflipCost(bits, z, m)],
    ] as const) {
      expectAllClose(await pixel.data(), await element.data());
    }
  });

  it('is finite, with finite gradients, if m underflows and predictions are certain and wrong', async () => {
    const [K, P, channels] = [2, 2, 3];
    const logM = { shape: [K, 1, P], data: [0, -300, -300, 0] };
    const z = { shape: [K, 1, P * channels], data: [1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1] };
    const bits = { shape: [1, P * channels], data: [0, 0, 0, 1, 1, 1] };
    await checkOperation(bitflipPixelErrorOperation, {
      inputs: { corrupted: bits, z, logM },
      attributes: { probability: 0.2, channels },
      reference: references.bitflipPixelError,
    });
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(() => {
      const [x, z, m, v] = [
        tf.zeros<tf.Rank.R2>([2, 6]),
        tf.zeros<tf.Rank.R3>([2, 2, 6]),
        tf.zeros<tf.Rank.R3>([2, 2, 3]),
        tf.scalar(0),
      ];
      const channels = 2;
      const how = { standardDeviation: 0.2, channels };
      tf.dispose([
        bitflipPixelLikelihood(x, z, { probability: 0.2, channels }),
        bitflipPixelError(x, z, m, { probability: 0.2, channels }),
        bitflipPixelCost(x, z, m, { channels }),
        gaussianLikelihood(x, z, v, how),
        ...GAUSSIAN_ERROR_FORMS.map((form) => gaussianModelingError(x, z, m, m, v, { ...how, form })),
        gaussianCost(x, z, m, v, { channels }),
      ]);
      tf.dispose([x, z, m, v]);
    }));

  it('refuses assignments per value, and values that are not a multiple of the channels', () => {
    const [x, z, v] = [tf.zeros<tf.Rank.R2>([1, 6]), tf.zeros<tf.Rank.R3>([2, 1, 6]), tf.scalar(0)];
    const how = { standardDeviation: 0.2, channels: 3 };
    for (const form of GAUSSIAN_ERROR_FORMS) {
      expect(() => gaussianModelingError(x, z, z, z, v, { ...how, form })).toThrow(withCode('INVALID_SHAPE'));
    }
    expect(() => gaussianCost(x, z, z, v, how)).toThrow(withCode('INVALID_SHAPE'));
    expect(() => gaussianLikelihood(x, z, v, { ...how, channels: 4 })).toThrow(withCode('INVALID_SHAPE'));
    expect(() => bitflipPixelError(x, z, z, { probability: 0.2, channels: 3 })).toThrow(withCode('INVALID_SHAPE'));
  });
});
