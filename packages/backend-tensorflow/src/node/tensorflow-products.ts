import { matMulOperation, registerOperationKernel } from '@taggerjs/nn';
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';

import type { Precision } from '../precision';
import type { TfjsNodeBackend } from './load-tfjs-node';

/** TensorFlow's number of the data type bfloat16, which tfjs-node does not know. */
const BFLOAT16 = 14;

/**
 * Registers a kernel that multiplies matrices with TensorFlow's own operation on operands rounded to bfloat16: on GPUs, and
 * wherever this package's kernels do not compute. TensorFlow adds up in float32 and, with `'bfloat16'`, rounds the product to
 * bfloat16 too.
 *
 * @returns frees the rounded weights that it keeps
 */
export function registerTensorflowProducts(
  backend: TfjsNodeBackend,
  precision: Exclude<Precision, 'float32'>,
): () => void {
  const { binding } = backend;
  const { TF_FLOAT, TF_ATTR_BOOL, TF_ATTR_TYPE } = binding;
  const type = precision === 'bfloat16' ? BFLOAT16 : TF_FLOAT;
  const cast = (id: number, from: number, to: number): number => {
    const attributes = [
      { name: 'SrcT', type: TF_ATTR_TYPE, value: from },
      { name: 'DstT', type: TF_ATTR_TYPE, value: to },
      { name: 'Truncate', type: TF_ATTR_BOOL, value: false },
    ];
    return binding.executeOp('Cast', attributes, [id], 1)[0]!.id;
  };
  const round = (id: number): number => {
    const rounded = cast(id, TF_FLOAT, BFLOAT16);
    if (type === BFLOAT16) return rounded;
    const result = cast(rounded, BFLOAT16, TF_FLOAT);
    binding.deleteTensor(rounded);
    return result;
  };
  /** Rounded weights, which several iterations multiply with. */
  const kept = new Map<DataId, number>();
  const forget = (isGone: (dataId: DataId) => boolean) => {
    for (const [dataId, rounded] of kept) {
      if (!isGone(dataId)) continue;
      binding.deleteTensor(rounded);
      kept.delete(dataId);
    }
  };
  const roundOnce = (tensor: TensorInfo, id: number): number => {
    const before = kept.get(tensor.dataId);
    if (before !== undefined) return before;
    forget((dataId) => !backend.tensorMap.has(dataId));
    const rounded = round(id);
    kept.set(tensor.dataId, rounded);
    return rounded;
  };

  registerOperationKernel(matMulOperation, 'tensorflow', ({ inputs, attrs }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
    const [idOfA, idOfB] = backend.getInputTensorIds([a, b]) as [number, number];
    const attributes = [
      { name: 'T', type: TF_ATTR_TYPE, value: type },
      { name: 'transpose_a', type: TF_ATTR_BOOL, value: transposeA },
      { name: 'transpose_b', type: TF_ATTR_BOOL, value: transposeB },
    ];
    const temporary: number[] = [];
    const once = (tensor: number) => (temporary.push(tensor), tensor);
    try {
      const roundedA = once(round(idOfA));
      // In a backward pass, a is transposed if the product is the gradient of a weight: then b is used once.
      const roundedB = transposeA ? once(round(idOfB)) : roundOnce(b, idOfB);
      const product = binding.executeOp('MatMul', attributes, [roundedA, roundedB], 1)[0]!;
      if (type === TF_FLOAT) return backend.createOutputTensor(product);
      const id = cast(once(product.id), BFLOAT16, TF_FLOAT);
      return backend.createOutputTensor({ ...product, id, dtype: TF_FLOAT });
    } finally {
      for (const tensor of temporary) binding.deleteTensor(tensor);
    }
  });
  return () => forget(() => true);
}
