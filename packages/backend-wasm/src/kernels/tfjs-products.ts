import { TaggerError } from '@taggerjs/nn';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  _FusedMatMul,
  Add,
  BatchMatMul,
  broadcast_util,
  Elu,
  getKernel,
  LeakyRelu,
  Prelu,
  Relu,
  Relu6,
  Sigmoid,
  util,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

import type { KernelContext } from './own-kernel';
import { multiply } from './product';
import { replaceKernel } from './replace-kernel';

/** tfjs's names for the activations that it fuses with a product, and for the kernels that compute them. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: Relu,
  relu6: Relu6,
  sigmoid: Sigmoid,
  elu: Elu,
  leakyrelu: LeakyRelu,
  prelu: Prelu,
};

/**
 * Makes this package's kernel compute tfjs's own matrix products, `tf.matMul` and `tf.fused.matMul`, for other models on the
 * same backend that do not use the operations of `@taggerjs/nn`.
 *
 * @returns a function that restores tfjs's kernels
 */
export function replaceProducts(context: KernelContext, backend: BackendWasm): () => void {
  const restore = [
    replaceKernel(
      BatchMatMul,
      () =>
        ({ inputs, attrs }) =>
          batchProduct(context, inputs as Factors, attrs as Transposes),
    ),
    replaceKernel(
      _FusedMatMul,
      () =>
        ({ inputs, attrs }) =>
          fusedProduct(context, backend, inputs as FusedInputs, attrs as Transposes & NamedAttrMap),
    ),
  ];
  return () => restore.forEach((putBack) => putBack());
}

type Factors = { readonly a: TensorInfo; readonly b: TensorInfo };
type FusedInputs = Factors & { readonly bias?: TensorInfo; readonly preluActivationWeights?: TensorInfo };
type Transposes = { readonly transposeA: boolean; readonly transposeB: boolean };

/** The products of the matrices in the last two dimensions, with the batch dimensions broadcast. */
function batchProduct(context: KernelContext, { a, b }: Factors, { transposeA, transposeB }: Transposes): TensorInfo {
  for (const [name, { dtype }] of Object.entries({ a, b })) {
    if (dtype === 'float32') continue;
    throw new TaggerError(
      'INVALID_SHAPE',
      `matMul: ${name} must be float32; it is ${dtype}. Cast it: ${name}.toFloat().`,
    );
  }
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const columns = transposeB ? bRows : bColumns;
  const [aBatch, bBatch] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);

  const c = context.output([...batch, rows, columns]);
  if (util.sizeFromShape(c.shape) * inner === 0) {
    context.values(c).fill(0);
    return c;
  }
  const product = { rows, columns, inner, transposeA, transposeB };
  const [aFirst, bFirst, cFirst] = [context.offset(a), context.offset(b), context.offset(c)];
  const whole = util.sizeFromShape(bBatch) === 1 ? b : undefined;
  const count = util.sizeFromShape(batch);
  for (let i = 0; i < count; i++) {
    const [ai, bi] = [broadcastIndex(i, batch, aBatch), broadcastIndex(i, batch, bBatch)];
    multiply(
      context,
      product,
      aFirst + 4 * ai * rows * inner,
      bFirst + 4 * bi * inner * columns,
      cFirst + 4 * i * rows * columns,
      whole,
    );
  }
  return c;
}

/** The index, in a tensor of the given shape, of the i-th element after broadcasting. */
export function broadcastIndex(i: number, to: readonly number[], shape: readonly number[]): number {
  let index = 0;
  let stride = 1;
  let rest = i;
  for (let d = 1; d <= shape.length; d++) {
    const size = to.at(-d) as number;
    const own = shape.at(-d) as number;
    if (own !== 1) index += stride * (rest % size);
    stride *= own;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** A product, then a bias and an activation by tfjs's own kernels. */
function fusedProduct(
  context: KernelContext,
  backend: BackendWasm,
  { bias, preluActivationWeights: alpha, ...factors }: FusedInputs,
  { transposeA, transposeB, activation, leakyreluAlpha }: Transposes & NamedAttrMap,
): TensorInfo {
  const then = (x: TensorInfo, name: string, inputs: Record<string, TensorInfo>, attrs: NamedAttrMap = {}) => {
    const y = getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend }) as TensorInfo;
    backend.disposeData(x.dataId);
    return y;
  };
  let y = batchProduct(context, factors, { transposeA, transposeB });
  if (bias) y = then(y, Add, { a: y, b: bias });
  if (!activation || activation === 'linear') return y;
  const kernel = ACTIVATIONS[activation as string];
  if (kernel === undefined) {
    backend.disposeData(y.dataId);
    throw new TaggerError(
      'INVALID_OPTION',
      `fused.matMul: activation must be linear, ${Object.keys(ACTIVATIONS).join(', ')}; it is ${String(activation)}.`,
    );
  }
  if (kernel === Prelu) return then(y, kernel, { x: y, alpha: alpha as TensorInfo });
  return then(y, kernel, { x: y }, kernel === LeakyRelu ? { alpha: leakyreluAlpha ?? 0 } : {});
}
