// The AMI of 1,000 images of 400 pixels, the best of several runs. Build first; then: node packages/metrics/bench/metrics.mjs
import { segmentationScores } from '../dist/index.js';

const size = 1000;
const elements = size * 400;
// A multiplicative congruence: labels without pattern, the same in each run.
const label = (i, count) => Math.floor((((i * 7919 + 104729) % 65537) / 65537) * count);
const predicted = Uint8Array.from({ length: elements }, (_, i) => label(i + 31, 4));
const cases = {
  'three segments and ignored background': Uint8Array.from({ length: elements }, (_, i) =>
    label(i, 10) < 7 ? 255 : label(i * 3, 3),
  ),
  'four segments, all elements': Uint8Array.from({ length: elements }, (_, i) => label(i * 3, 4)),
};

for (const [name, truth] of Object.entries(cases)) {
  let best = Infinity;
  for (let run = 0; run < 10; run++) {
    const start = performance.now();
    segmentationScores(truth, predicted, { size });
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${name.padEnd(40)} ${best.toFixed(1)} ms`);
}
