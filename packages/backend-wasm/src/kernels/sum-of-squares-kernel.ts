import { globalNormOperation, sumOfSquaresOperation } from '@taggerjs/nn';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelContext, OwnKernel } from './own-kernel';

type Input = { readonly dataId: object; readonly shape: number[] };

/** The sum of squares, in float64; see assembly/sum-of-squares.ts. */
export const sumOfSquaresKernel: OwnKernel = {
  operation: sumOfSquaresOperation,
  kernel:
    (context) =>
    ({ inputs }) =>
      sumSquares(context, Object.values(inputs) as unknown as Input[], false),
};

/** The root of the sum of squares of several tensors. */
export const globalNormKernel: OwnKernel = {
  operation: globalNormOperation,
  kernel:
    (context) =>
    ({ inputs }) =>
      sumSquares(context, Object.values(inputs) as unknown as Input[], true),
};

/** Words of a record in assembly/sum-of-squares.ts. */
const RECORD = 3;

function sumSquares({ pool, output, offset }: KernelContext, tensors: readonly Input[], root: boolean): TensorInfo {
  const sizes = tensors.map(({ shape }) => util.sizeFromShape(shape));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const result = output([]);
  pool.compute((kernels) => {
    const partsBytes = kernels.sumOfSquaresBytes(tensors.length, total);
    const parts = pool.scratch(partsBytes + 4 * RECORD * tensors.length);
    const list = parts + partsBytes;
    const words = pool.words(list, RECORD * tensors.length);
    for (const [i, tensor] of tensors.entries()) words.set([0, sizes[i] as number, offset(tensor)], RECORD * i);
    kernels.sumOfSquares(pool.control, list, tensors.length, total, Number(root), parts, offset(result));
  });
  return result;
}
