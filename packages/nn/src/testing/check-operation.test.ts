import '@tensorflow/tfjs-backend-cpu';

import * as tf from '@tensorflow/tfjs-core';

import { defineOperation } from '../operation';
import { checkOperation, filled, type ReferenceTensor } from '../testing';

beforeAll(() => tf.setBackend('cpu'));

/** x^2 y, with an optional fault. */
function makeOperation(
  name: string,
  faults: { value?: number; gradient?: number; transposed?: boolean; leak?: boolean },
) {
  return defineOperation<{ x: tf.Tensor2D; y: tf.Tensor2D }, Record<string, never>, [tf.Tensor2D]>({
    kernelName: `Test_${name}`,
    compose: ({ x, y }) => {
      if (faults.leak) tf.keep(tf.scalar(1));
      return [tf.add(tf.mul(tf.mul(x, x), y), faults.value ?? 0)];
    },
    saves: { inputs: ['x', 'y'] },
    gradient: ([dy], [x, y]) => ({
      x: () => {
        const dx = tf.mul(tf.mul(tf.mul(dy!, x!), y!), 2 * (faults.gradient ?? 1)) as tf.Tensor2D;
        return faults.transposed ? tf.transpose(dx) : dx;
      },
      y: () => tf.mul(dy!, tf.mul(x!, x!)),
    }),
  });
}

const reference = ({ x, y }: Readonly<Record<string, ReferenceTensor>>): ReferenceTensor[] => [
  { shape: x!.shape, data: x!.data.map((value, i) => value * value * y!.data[i]!) },
];
const check = (name: string, faults: Parameters<typeof makeOperation>[1] = {}) =>
  checkOperation(makeOperation(name, faults), {
    inputs: { x: filled([3, 3]), y: filled([3, 3], 1) },
    attributes: {},
    reference,
  });

it('passes a correct operation', () => check('right'));

it('catches a slightly wrong value', () =>
  expect(check('value', { value: 1e-4 })).rejects.toThrow(/Test_value output 0: element 0/));

it('catches a slightly wrong gradient', () =>
  expect(check('gradient', { gradient: 1.001 })).rejects.toThrow(/gradient of output 0 for 'x'/));

it('catches a gradient whose elements are mixed up', () =>
  expect(check('transposed', { transposed: true })).rejects.toThrow(/gradient of output 0 for 'x'/));

it('catches a leak', () => expect(check('leak', { leak: true })).rejects.toThrow(/tensors leaked/));
