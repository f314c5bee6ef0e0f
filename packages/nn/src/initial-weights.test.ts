import { createRandom } from '@taggerjs/random';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';

import { initialWeights } from './initial-weights';

describeBackends('initialWeights', () => {
  it('is normal with variance 1 / in', async () => {
    const [fanIn, fanOut] = [400, 100];
    const weights = initialWeights(createRandom(1), [fanIn, fanOut]);
    const values = (await weights.data()) as Float32Array;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(weights.shape).toEqual([fanIn, fanOut]);
    // Four standard errors of the mean and of the variance of 40,000 numbers.
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / fanIn / values.length));
    expect(Math.abs(variance * fanIn - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    weights.dispose();
  });

  it('is the same for the same stream, and different for another', async () => {
    const made = [createRandom(1), createRandom(1), createRandom(2)].map((random) => initialWeights(random, [3, 4]));
    const [a, b, c] = await Promise.all(made.map((weights) => weights.array()));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    made.forEach((weights) => weights.dispose());
  });

  it('leaves no tensor behind', () => expectNoLeak(() => initialWeights(createRandom(1), [3, 4]).dispose()));
});
