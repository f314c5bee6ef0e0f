import { BACKENDS, expectAllClose, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { requireBackend } from './backend';
import { explainMissingGradient } from './tensorflow-gradients';
import { filled } from './testing/filled';

type Inputs = readonly (readonly number[])[];
type Case = readonly [name: string, shapes: Inputs, f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor];

const positive = (x: tf.Tensor) => tf.add(tf.abs(x), 0.5);
// prettier-ignore
const CASES: readonly Case[] = [
  ['Add', [[2, 3], [3]], (a, b) => tf.add(a, b)],
  ['Sub', [[2, 1], [2, 3]], (a, b) => tf.sub(a, b)],
  ['Multiply', [[2, 3], []], (a, b) => tf.mul(a, b)],
  ['RealDiv', [[3], [2, 3]], (a, b) => tf.div(a, positive(b))],
  ['Maximum', [[2, 3], [2, 3]], (a, b) => tf.maximum(a, b)],
  ['Minimum', [[2, 3], [2, 3]], (a, b) => tf.minimum(a, b)],
  ['SquaredDifference', [[2, 3], [2, 3]], (a, b) => tf.squaredDifference(a, b)],
  ['Pow', [[2, 3], [3]], (a, b) => tf.pow(positive(a), b)],
  ['Pow of a negative number', [[2, 3]], (a) => tf.pow(a, 3)],
  ['Neg', [[2, 3]], (a) => tf.neg(a)],
  ['Abs', [[2, 3]], (a) => tf.abs(a)],
  ['Square', [[2, 3]], (a) => tf.square(a)],
  ['Sqrt', [[2, 3]], (a) => tf.sqrt(positive(a))],
  ['Rsqrt', [[2, 3]], (a) => tf.rsqrt(positive(a))],
  ['Exp', [[2, 3]], (a) => tf.exp(a)],
  ['Log', [[2, 3]], (a) => tf.log(positive(a))],
  ['Relu', [[2, 3]], (a) => tf.relu(a)],
  ['Sigmoid', [[2, 3]], (a) => tf.sigmoid(a)],
  ['Tanh', [[2, 3]], (a) => tf.tanh(a)],
  ['Softplus', [[2, 3]], (a) => tf.softplus(a)],
  ['ClipByValue', [[2, 3]], (a) => tf.clipByValue(a, -0.4, 0.5)],
  ['Softmax', [[2, 3]], (a) => tf.softmax(a)],
  ['Select', [[2, 3], [2, 3]], (a, b) => tf.where(tf.tensor2d([1, 0, 1, 0, 1, 1], [2, 3], 'bool'), a, b)],
  ['Sum', [[2, 3, 4]], (a) => tf.sum(a, [0, -1])],
  ['Sum of all', [[2, 3]], (a) => tf.sum(a)],
  ['Mean', [[2, 3, 4]], (a) => tf.mean(a, 1, true)],
  ['Max and others (logSumExp)', [[2, 3]], (a) => tf.logSumExp(a, 0)],
  ['Max', [[2, 3, 4]], (a) => tf.max(a, 1)],
  ['Min', [[2, 3]], (a) => tf.min(a, 1, true)],
  ['AddN', [[2, 3], [2, 3]], (a, b) => tf.addN([a, b, a])],
  ['BatchMatMul', [[2, 3], [3, 4]], (a, b) => tf.matMul(a, b)],
  ['BatchMatMul, first transposed', [[3, 2], [3, 4]], (a, b) => tf.matMul(a, b, true)],
  ['BatchMatMul, second transposed', [[2, 3], [4, 3]], (a, b) => tf.matMul(a, b, false, true)],
  ['BatchMatMul, both transposed', [[3, 2], [4, 3]], (a, b) => tf.matMul(a, b, true, true)],
  ['Identity', [[2, 3]], (a) => tf.clone(a)],
  ['Cast', [[2, 3]], (a) => tf.cast(a, 'float32')],
  ['Reshape', [[2, 3]], (a) => tf.reshape(a, [6])],
  ['ExpandDims', [[2, 3]], (a) => tf.expandDims(a, 1)],
  ['Transpose', [[2, 3, 4]], (a) => tf.transpose(a, [1, 2, 0])],
  ['Slice', [[4, 3]], (a) => tf.slice(a, [1, 0], [2, -1])],
  ['Concat', [[2, 3], [2, 1]], (a, b) => tf.concat([a, b], -1)],
  ['Pack', [[2, 3], [2, 3]], (a, b) => tf.stack([a, b], 1)],
  ['Multiply by whole numbers', [[2, 3]], (a) => tf.mul(a, tf.tensor1d([1, 2, 3], 'int32'))],
  ['RealDiv by whole numbers', [[2, 3]], (a) => tf.div(a, tf.tensor1d([1, 2, 3], 'int32'))],
];

const tensors = (shapes: Inputs) =>
  shapes.map((shape, i) => tf.tensor(filled(shape, i + 1).data as number[], [...shape]));

/** The gradients of a weighted sum of f, with unequal weights, with respect to each input that it depends on. */
async function gradients(shapes: Inputs, f: Case[2]): Promise<number[][]> {
  const inputs = tensors(shapes);
  const dy = tf.tidy(() => {
    const { shape, size } = f(inputs[0]!, inputs[1]!);
    return tf.tensor(filled([size], 9).data as number[], shape);
  });
  const grads = tf.grads((...given) => f(given[0]!, given[1]!))(inputs, dy);
  const values = await Promise.all(grads.map(async (gradient) => Array.from(await gradient.data())));
  tf.dispose([inputs, dy, grads]);
  return values;
}

beforeAll(async () => {
  await tf.setBackend(BACKENDS[0]!);
});

it('explains a missing gradient', () => {
  if (tf.getGradient('Sin') !== undefined) tf.unregisterGradient('Sin');
  const x = tf.tensor1d([1, 2]);
  const missing = () => tf.grad((input) => tf.sin(input))(x);
  expect(() => explainMissingGradient(missing)).toThrow(withCode('NO_GRADIENT'));
  const other = new Error('other');
  const fails = () => {
    throw other;
  };
  expect(() => explainMissingGradient(fails)).toThrow(other);
  x.dispose();
});

it('equal those that @tensorflow/tfjs registers, and leave no tensor behind', async () => {
  const ours: number[][][] = [];
  for (const backend of BACKENDS) {
    await tf.setBackend(backend);
    requireBackend('test');
    await expectNoLeak(async () => {
      for (const [, shapes, f] of CASES) ours.push(await gradients(shapes, f));
    });
  }
  // From here on the registry holds the gradients of TensorFlow.js.
  await import('@tensorflow/tfjs');
  await tf.setBackend(BACKENDS[0]!);
  const theirs: number[][][] = [];
  for (const [, shapes, f] of CASES) theirs.push(await gradients(shapes, f));
  for (const [i, values] of ours.entries()) {
    const [name] = CASES[i % CASES.length]!;
    for (const [j, gradient] of theirs[i % CASES.length]!.entries()) {
      expectAllClose(values[j]!, gradient, undefined, `${BACKENDS[Math.floor(i / CASES.length)]}, ${name}, input ${j}`);
    }
  }
});
