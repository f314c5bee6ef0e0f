// Nanoseconds per number, the best of several runs. Build first; then: node packages/random/bench/random.mjs
import { createRandom } from '../dist/index.js';

const COUNT = 1 << 22;
const random = createRandom('bench');

const kinds = {
  uniform: () => random.uniform(COUNT),
  normal: () => random.normal(COUNT),
  'normal, 100 at a time': () => {
    for (let from = 0; from < COUNT; from += 100) random.normal(100, { from });
  },
  bernoulli: () => random.bernoulli(COUNT, { probability: 0.2 }),
  integers: () => random.integers(COUNT, { bound: 1000 }),
  permutation: () => random.permutation(COUNT),
};

for (const [name, make] of Object.entries(kinds)) {
  let best = Infinity;
  for (let run = 0; run < 15; run++) {
    const start = performance.now();
    make();
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${name.padEnd(24)} ${((best * 1e6) / COUNT).toFixed(2)} ns a number`);
}
