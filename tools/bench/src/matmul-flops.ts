import type { StepSettings } from './step-settings';

/** Shape of a layer's product, [rows, inner] times [inner, columns]. */
export interface LayerProduct {
  readonly name: string;
  readonly inner: number;
  readonly columns: number;
}

/** The products of one iteration, forward, in their order; each has K*B rows. */
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

/** Floating-point operations of all matrix products of a step or an inference, a multiplication and an addition each. */
export function matmulFlops(settings: StepSettings): number {
  const { groups, batch, iterations, noise, task } = settings;
  const products = layerProducts(settings).map(({ inner, columns }) => 2 * groups * batch * inner * columns);
  const forward = iterations * products.reduce((sum, flops) => sum + flops, 0);
  if (task === 'inference') return forward;
  // Each product has two gradients. The first iteration's input depends on no parameter, but for Gaussian noise, whose
  // variance is one.
  return 3 * forward - (noise === 'bitflip' ? (products[0] as number) : 0);
}

/** Bytes of all weight matrices: what an iteration reads at least. */
export function weightBytes(settings: StepSettings): number {
  return 4 * layerProducts(settings).reduce((sum, { inner, columns }) => sum + inner * columns, 0);
}
