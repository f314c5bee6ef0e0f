import { createRandom, randomFromJSON, type Random } from '@taggerjs/random';

const random: Random = createRandom('integration');
const again = randomFromJSON(random.toJSON());
const numbers = random.fork('noise', 3).normal(4);
if (!numbers.every((value, index) => value === again.fork('noise', 3).normal(4)[index]))
  throw new Error('not the same');

console.log('ok');
