import type { Reply } from './contestants/line-process';

/** Kernels that are matrix products. Kernels that they call, such as transposes, count as part of the product. */
export const PRODUCTS: ReadonlySet<string> = new Set(['TaggerMatMul', 'BatchMatMul', '_FusedMatMul']);

/** Time spent in a kernel, excluding the kernels that it calls. */
export interface KernelTime {
  readonly milliseconds: number;
  readonly calls: number;
}

/** Where the time of a step went. */
export interface ProfileReply extends Reply {
  readonly kernels: Readonly<Record<string, KernelTime>>;
}

/** Parts of a step's time, in milliseconds. */
export interface ProfileParts {
  /** Matrix products. */
  readonly products: number;
  /** All other kernels, which are element-wise. */
  readonly elementWise: number;
  /** JavaScript: the tape, shapes, random numbers. */
  readonly outside: number;
}

export function profileParts({ milliseconds, kernels }: ProfileReply): ProfileParts {
  const sum = (isProduct: boolean) =>
    Object.entries(kernels)
      .filter(([name]) => PRODUCTS.has(name) === isProduct)
      .reduce((total, [, time]) => total + time.milliseconds, 0);
  const products = sum(true);
  const elementWise = sum(false);
  return { products, elementWise, outside: milliseconds - products - elementWise };
}
