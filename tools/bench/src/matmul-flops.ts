import type { StepSettings } from './step-settings';

/** Shape of a layer's product, [rows, inner] times [inner, columns]. */
export interface LayerProduct {
  readonly name: string;
  readonly inner: number;
  readonly columns: number;
}

/** The forward products of one iteration, in order; each has K*B rows. */
export function layerProducts({ sizes, inputSize: N }: Pick<StepSettings, 'sizes' | 'inputSize'>): LayerProduct[] {
  const H = sizes[0] as number;
  const steps = sizes.slice(1).map((size, i) => ({ l: i + 1, below: sizes[i] as number, size }));
  return [
    { name: 'W_h', inner: 4 * N, columns: H },
    ...steps.map(({ l, below, size }) => ({ name: `W_${l}`, inner: below, columns: size })),
    ...steps.reverse().map(({ l, below, size }) => ({ name: `V_${l - 1}`, inner: size, columns: below })),
    { name: 'W_z', inner: H, columns: N },
    { name: 'W_m', inner: H, columns: N },
  ];
}

/** Floating-point operations of all matrix products of a step or an inference, counting each multiply-add as two. */
export function matmulFlops(settings: StepSettings): number {
  const { groups, batch, iterations, noise, task } = settings;
  const products = layerProducts(settings).map(({ inner, columns }) => 2 * groups * batch * inner * columns);
  const forward = iterations * products.reduce((sum, flops) => sum + flops, 0);
  if (task === 'inference') return forward;
  // Each product has two gradients. The input of the first iteration does not depend on parameters, except with Gaussian
  // noise, whose variance is a parameter.
  return 3 * forward - (noise === 'bitflip' ? (products[0] as number) : 0);
}

/**
 * The operations of {@link matmulFlops} that a step cannot avoid. At the first iteration, z and L are constant: half of the input
 * of W_h. Its product with them, and their gradient of W_h, need no multiply-adds.
 */
export function unavoidableFlops(settings: StepSettings): number {
  const { groups, batch, task } = settings;
  const [{ inner, columns }] = layerProducts(settings) as [LayerProduct, ...LayerProduct[]];
  const half = groups * batch * inner * columns;
  return matmulFlops(settings) - (task === 'training' ? 2 * half : half);
}

/** Bytes of all weight matrices: the least that an iteration reads. */
export function weightBytes(settings: StepSettings): number {
  return 4 * layerProducts(settings).reduce((sum, { inner, columns }) => sum + inner * columns, 0);
}
