import '@tensorflow/tfjs-backend-cpu';

import { PEERS, readVariants } from './contestants/start-variant';
import { MEASUREMENTS } from './measurements/measurements';
import { PLAN } from './record';
import { VARIANTS } from './variants/variants';

const plan = PLAN.map(([file, command, , variants]) => ({ file, command, variants }));

it.each(plan)('$file measures variants that exist', ({ command, variants }) => {
  const measurement = MEASUREMENTS[command];
  const names = readVariants(variants ?? (measurement?.defaults.variants as string)).map(({ name }) => name);
  expect(names.filter((name) => !(name in VARIANTS) && !(name in PEERS))).toEqual([]);
});
