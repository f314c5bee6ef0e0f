import '@tensorflow/tfjs-backend-cpu';

import * as tf from '@tensorflow/tfjs';

import { productsOf } from './measurements/products';
import { matmulFlops, weightBytes } from './matmul-flops';
import { NAMED_SETTINGS, type StepSettings } from './step-settings';
import { makeTaggerStep } from './variants/tagger-step';

const tiny: StepSettings = { ...NAMED_SETTINGS.shapes, sizes: [7, 5, 3], inputSize: 6, groups: 2, batch: 4 };

/** Floating-point operations of the products that a step actually computes, counted one by one. */
async function countFlops(settings: StepSettings): Promise<number> {
  const step = makeTaggerStep(settings);
  // The operation registers its kernel at the first call.
  await step();
  const [kernelName, backendName] = ['TaggerMatMul', 'cpu'];
  const kernel = tf.getKernel(kernelName, backendName);
  let flops = 0;
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...kernel,
    kernelFunc: (args) => {
      const { a, b } = args.inputs as Record<'a' | 'b', tf.TensorInfo>;
      const { transposeA, transposeB } = args.attrs as unknown as Record<'transposeA' | 'transposeB', boolean>;
      const [M, K] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
      const N = b.shape[transposeB ? 0 : 1];
      flops += 2 * (M as number) * (K as number) * (N as number);
      return kernel.kernelFunc(args);
    },
  });
  await step();
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(kernel);
  return flops;
}

beforeAll(() => tf.setBackend('cpu'));

describe('matmulFlops', () => {
  it.each<Partial<StepSettings>>([
    {},
    { noise: 'gaussian' },
    { norm: 'batch', iterations: 1 },
    { sizes: [5, 4], groups: 3, iterations: 2 },
    { sizes: [6, 5, 4, 3], noise: 'gaussian', iterations: 1 },
    { task: 'inference', iterations: 5, batch: 1 },
    { task: 'inference', noise: 'gaussian', norm: 'batch' },
  ])('is what a step with %j makes', async (changed) => {
    const settings = { ...tiny, ...changed };
    expect(matmulFlops(settings)).toBe(await countFlops(settings));
  });

  it("is 68 GFLOP at the source's size", () => expect(matmulFlops(NAMED_SETTINGS.shapes)).toBe(68e9));
});

describe('weightBytes', () => {
  it('is four for each weight', () =>
    // W_h, W_1, W_2, V_1, V_0, W_z, W_m
    expect(weightBytes(tiny)).toBe(4 * (24 * 7 + 7 * 5 + 5 * 3 + 3 * 5 + 5 * 7 + 7 * 6 + 7 * 6)));
});

describe('the products that are measured', () => {
  it('cover a layer, each shape once, in all four layouts', () => {
    const products = productsOf(NAMED_SETTINGS.shapes);
    expect(products[0]).toEqual({ name: 'W_h, y = x W', M: 400, K: 1600, N: 2000, transposes: 'nn' });
    expect(products[1]).toEqual({ name: 'W_h, dx = dy Wᵀ', M: 400, K: 2000, N: 1600, transposes: 'nt' });
    expect(products[2]).toEqual({ name: 'W_h, dW = xᵀ dy', M: 1600, K: 400, N: 2000, transposes: 'tn' });
    const keys = products.map(({ M, K, N, transposes }) => [M, K, N, transposes].join());
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(products.map(({ transposes }) => transposes))).toEqual(new Set(['nn', 'nt', 'tn', 'tt']));
  });
});
