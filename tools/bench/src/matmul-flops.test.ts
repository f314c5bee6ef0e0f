import '@tensorflow/tfjs-backend-cpu';

import * as tf from '@tensorflow/tfjs';

import { productsOf } from './measurements/products';
import { matmulFlops, unavoidableFlops, weightBytes } from './matmul-flops';
import { NAMED_SETTINGS, type StepSettings } from './step-settings';
import { makeTaggerStep } from './variants/tagger-step';

const tiny: StepSettings = { ...NAMED_SETTINGS.shapes, sizes: [7, 5, 3], inputSize: 6, groups: 2, batch: 4 };

type KernelCall = Parameters<tf.KernelFunc>[0];

/** Calls `observe` for each call of a kernel during a step. */
async function observeStep(settings: StepSettings, observers: Readonly<Record<string, (call: KernelCall) => void>>) {
  const step = makeTaggerStep(settings);
  // Operations register their kernels at the first call.
  await step();
  const kernels = Object.keys(observers).flatMap((name) => tf.getKernel(name, 'cpu') ?? []);
  const register = (kernel: tf.KernelConfig) => {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    tf.registerKernel(kernel);
  };
  for (const kernel of kernels) {
    const observe = observers[kernel.kernelName]!;
    register({ ...kernel, kernelFunc: (call) => (observe(call), kernel.kernelFunc(call)) });
  }
  await step();
  kernels.forEach(register);
}

/** Floating-point operations of the products that a step actually computes, counted one by one. */
async function countFlops(settings: StepSettings): Promise<number> {
  let flops = 0;
  await observeStep(settings, {
    TaggerMatMul({ inputs, attrs }) {
      const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
      const { transposeA, transposeB } = attrs as unknown as Record<'transposeA' | 'transposeB', boolean>;
      const [M, K] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
      const N = b.shape[transposeB ? 0 : 1];
      flops += 2 * (M as number) * (K as number) * (N as number);
    },
  });
  return flops;
}

/** Those with constant features. */
async function countConstantFlops(settings: StepSettings): Promise<number> {
  let flops = 0;
  const count = ({ inputs, attrs }: KernelCall) => {
    const { constants } = attrs as unknown as { constants: readonly number[] };
    const { x, weights, dy } = inputs as Record<'x' | 'weights' | 'dy', tf.TensorInfo | undefined>;
    const [M, K] = x!.shape as [number, number];
    const N = (weights ?? dy)!.shape[1] as number;
    const constant = constants.filter((value) => !Number.isNaN(value)).length;
    flops += (2 * M * K * N * constant) / constants.length;
  };
  await observeStep(settings, { TaggerFeatureProduct: count, TaggerFeatureProductGradient: count });
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

describe('unavoidableFlops', () => {
  it.each<Partial<StepSettings>>([{}, { noise: 'gaussian', iterations: 1 }, { task: 'inference', iterations: 5 }])(
    'leaves out the products with constant features of a step with %j',
    async (changed) => {
      const settings = { ...tiny, ...changed };
      const constant = await countConstantFlops(settings);
      expect(constant).toBeGreaterThan(0);
      expect(unavoidableFlops(settings)).toBe(matmulFlops(settings) - constant);
    },
  );
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
