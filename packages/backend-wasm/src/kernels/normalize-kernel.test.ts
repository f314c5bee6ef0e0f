import { nodePlatform } from '../node/node-platform';
import type { KernelExports } from '../generated/kernel-exports';
import { compileKernels, type KernelModule } from './kernel-module';

it('the gradient of rows of one column writes no sums if there are neither gain nor bias', async () => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
  const { module } = (await compileKernels(nodePlatform, false, false)) as KernelModule;
  const kernels = (await WebAssembly.instantiate(module, { env: { memory } })).exports as unknown as KernelExports;
  const control = 1024;
  kernels.initialize(control, 1, 0);
  const rows = 5;
  // One value of each row for each operand, far from the others.
  const at = (index: number) => 65536 + 256 * index;
  const [dy, dMean, dInverseStd, x, y, mean, inverseStd, dx, parts] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(at) as number[];
  const view = (offset: number) => new Float32Array(memory.buffer, offset!, 64);
  for (const operand of [dy, dMean, dInverseStd, x, y, mean, inverseStd]) view(operand!).fill(0.5);
  view(parts!).fill(7);
  kernels.normalizeRowsGradient(
    control, rows, 1, dy!, dMean!, dInverseStd!, x!, 0, 1, 0, y!, mean!, inverseStd!, dx!, 0, parts!, 0,
  ); // prettier-ignore
  expect(new Set(view(parts!))).toEqual(new Set([7]));
  expect(
    view(dx!)
      .slice(0, rows)
      .some((value) => value !== 0),
  ).toBe(true);
});
