import type { KernelPool } from '../kernels/kernel-pool';
import type { KernelContext, OwnKernel } from '../kernels/own-kernel';
import type { PackedFactors } from '../kernels/packed-factors';
import type { IsolatedKernels } from './kernel-variants';

/** A tensor's shape and values. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/**
 * Calls one of our kernels with all of its memory between guard words: inputs, outputs and scratch memory. Fails if a guard
 * word was overwritten. Memory that the kernel reads before writing it is NaN.
 */
export function callIsolated(
  { kernels, memory, control }: IsolatedKernels,
  { kernel }: OwnKernel,
  inputs: Readonly<Record<string, Values>>,
  attributes: object,
): { readonly shape: readonly number[]; readonly data: Float32Array }[] {
  type Info = { dataId: object; shape: number[]; dtype: 'float32'; offset: number };
  const info = (shape: readonly number[], offset: number): Info => {
    const tensor = { dataId: {}, shape: [...shape], dtype: 'float32' as const, offset };
    offsets.set(tensor.dataId, offset);
    return tensor;
  };
  const offsets = new Map<object, number>();
  const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
  const context: KernelContext = {
    pool: {
      control,
      threads: 1,
      scratch: (bytes: number) => memory.allocate(bytes),
      floats: (offset: number, count: number) => memory.floats(offset, count),
      words: (offset: number, count: number) => memory.words(offset, count),
      compute: (run: Parameters<KernelPool['compute']>[0]) => run(kernels),
    } as unknown as KernelPool,
    packedFactors: { find: () => undefined } as unknown as PackedFactors,
    output: (shape) => info(shape, memory.allocate(4 * size(shape))),
    offset: ({ dataId }) => offsets.get(dataId) as number,
    values: ({ dataId, shape }) => memory.floats(offsets.get(dataId) as number, size(shape)),
  };
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, info(shape, memory.place(data))]),
  );
  const result = kernel(context)({ inputs: tensors, attrs: { ...attributes }, backend: {} });
  memory.check();
  const outputs = (Array.isArray(result) ? result : [result]) as Info[];
  const values = outputs.map(({ shape, offset }) => ({ shape, data: memory.floats(offset, size(shape)).slice() }));
  memory.release();
  return values;
}
