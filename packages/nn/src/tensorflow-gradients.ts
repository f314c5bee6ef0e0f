import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from './errors';

/** The attributes of the operations below; each has some of them. */
interface Attributes {
  readonly axis: number | number[];
  readonly reductionIndices?: number | number[];
  readonly dim: number;
  readonly clipValueMin: number;
  readonly clipValueMax: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly perm: number[];
  readonly begin: number | number[];
  readonly size: number | number[];
}

type Gradients = Record<string, () => tf.Tensor> | (() => tf.Tensor)[];

/** `keeps`: which tensors the gradient needs: inputs by name, all inputs of a list, or the output. */
interface TensorflowGradient {
  readonly keeps: { readonly inputs?: readonly string[] | 'all'; readonly output?: true };
  /** A thunk per input. `saved` holds the tensors kept: the inputs, then the output. */
  readonly gradient: (dy: tf.Tensor, saved: tf.Tensor[], attributes: Attributes) => Gradients;
}

/** dx = f(x, dy). */
const ofInput = (f: (x: tf.Tensor, dy: tf.Tensor) => tf.Tensor): TensorflowGradient => ({
  keeps: { inputs: ['x'] },
  gradient: (dy, [x]) => ({ x: () => f(x!, dy) }),
});

/** dx = f(y, dy). */
const ofOutput = (f: (y: tf.Tensor, dy: tf.Tensor) => tf.Tensor): TensorflowGradient => ({
  keeps: { output: true },
  gradient: (dy, [y]) => ({ x: () => f(y!, dy) }),
});

type OfTwo = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** da and db of an operation that broadcasts its inputs. */
const ofTwo = (da: OfTwo, db: OfTwo): TensorflowGradient => ({
  keeps: { inputs: ['a', 'b'] },
  gradient: (dy, [a, b]) => ({ a: () => sumTo(da(dy, a!, b!), a!), b: () => sumTo(db(dy, a!, b!), b!) }),
});

/** dx by reshaping, permuting or spreading dy, given x and the attributes. */
const ofShape = (
  f: (dy: tf.Tensor, x: tf.Tensor, attributes: Attributes) => tf.Tensor,
  input = 'x',
): TensorflowGradient => ({
  keeps: { inputs: [input] },
  gradient: (dy, [x], attributes) => ({ [input]: () => f(dy, x!, attributes) }),
});

/** Sums over the axes along which a tensor was broadcast. */
function sumTo(dy: tf.Tensor, { shape }: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}

/** The shape of a reduced tensor with its reduced axes kept, as 1. */
function kept({ shape }: tf.Tensor, axis: number | number[]): number[] {
  const axes = tf.util.parseAxisParam(axis, shape);
  return shape.map((size, i) => (axes.includes(i) ? 1 : size));
}

const spread = (dy: tf.Tensor, x: tf.Tensor, axis: number | number[]) =>
  tf.mul(tf.reshape(dy, kept(x, axis)), tf.onesLike(x));

const where = (condition: tf.Tensor) => tf.cast(condition, 'float32');

const ofExtreme: TensorflowGradient = {
  keeps: { inputs: ['x'], output: true },
  gradient: (dy, [x, y], { axis, reductionIndices = axis }) => ({
    x: () => {
      const shape = kept(x!, reductionIndices);
      return tf.mul(tf.reshape(dy, shape), where(tf.equal(x!, tf.reshape(y!, shape))));
    },
  }),
};

/** By kernel name: the operations that cost terms, and short custom mappings and noise models, usually consist of. */
const makeGradients = (): Readonly<Record<string, TensorflowGradient>> => ({
  // Binary operations, with broadcasting.
  Add: ofTwo(
    (dy) => dy,
    (dy) => dy,
  ),
  Sub: ofTwo(
    (dy) => dy,
    (dy) => tf.neg(dy),
  ),
  Multiply: ofTwo(
    (dy, _a, b) => tf.mul(dy, tf.cast(b, 'float32')),
    (dy, a) => tf.mul(dy, tf.cast(a, 'float32')),
  ),
  RealDiv: ofTwo(
    (dy, _a, b) => tf.div(dy, tf.cast(b, 'float32')),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, tf.cast(a, 'float32')), tf.cast(tf.square(b), 'float32'))),
  ),
  Maximum: ofTwo(
    (dy, a, b) => tf.mul(dy, where(tf.greaterEqual(a, b))),
    (dy, a, b) => tf.mul(dy, where(tf.less(a, b))),
  ),
  Minimum: ofTwo(
    (dy, a, b) => tf.mul(dy, where(tf.lessEqual(a, b))),
    (dy, a, b) => tf.mul(dy, where(tf.greater(a, b))),
  ),
  SquaredDifference: ofTwo(
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2)),
  ),
  Pow: ofTwo(
    (dy, a, b) => tf.mul(dy, tf.mul(tf.cast(b, 'float32'), tf.pow(a, tf.sub(b, 1)))),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.pow(a, b), tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a)))),
  ),

  // Unary operations.
  Neg: ofInput((_x, dy) => tf.neg(dy)),
  Abs: ofInput((x, dy) => tf.mul(dy, tf.sign(x))),
  Square: ofInput((x, dy) => tf.mul(dy, tf.mul(tf.cast(x, 'float32'), 2))),
  Sqrt: ofOutput((y, dy) => tf.div(dy, tf.mul(y, 2))),
  Rsqrt: ofOutput((y, dy) => tf.mul(dy, tf.mul(tf.mul(y, tf.square(y)), -0.5))),
  Exp: ofOutput((y, dy) => tf.mul(dy, y)),
  Log: ofInput((x, dy) => tf.div(dy, tf.cast(x, 'float32'))),
  Relu: ofInput((x, dy) => tf.mul(dy, where(tf.greater(x, 0)))),
  Sigmoid: ofOutput((y, dy) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  Tanh: ofOutput((y, dy) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  Softplus: ofInput((x, dy) => tf.mul(dy, tf.sigmoid(x))),
  ClipByValue: ofShape((dy, x, { clipValueMin, clipValueMax }) =>
    tf.mul(dy, where(tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax)))),
  ),
  Softmax: {
    keeps: { output: true },
    gradient: (dy, [y], { dim }) => ({
      logits: () => tf.mul(y!, tf.sub(dy, tf.sum(tf.mul(dy, y!), dim, true))),
    }),
  },
  Select: {
    keeps: { inputs: ['condition'] },
    gradient: (dy, [condition]) => ({
      condition: () => tf.zeros(condition!.shape),
      t: () => tf.mul(dy, where(condition!)),
      e: () => tf.mul(dy, where(tf.logicalNot(condition!))),
    }),
  },

  // Reductions and products.
  Sum: ofShape((dy, x, { axis }) => spread(dy, x, axis)),
  Mean: ofShape((dy, x, { axis }) => tf.mul(spread(dy, x, axis), dy.size / x.size)),
  Max: ofExtreme,
  Min: ofExtreme,
  AddN: { keeps: { inputs: 'all' }, gradient: (dy, saved) => saved.map(() => () => tf.clone(dy)) },
  BatchMatMul: {
    keeps: { inputs: ['a', 'b'] },
    gradient: (dy, [a, b], { transposeA, transposeB }) => ({
      a: () => (transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB)),
      b: () => (transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false)),
    }),
  },

  // Shapes.
  Identity: ofShape((dy) => tf.clone(dy)),
  Cast: ofShape((dy) => tf.clone(dy)),
  Reshape: ofShape((dy, { shape }) => tf.reshape(dy, shape)),
  ExpandDims: ofShape((dy, { shape }) => tf.reshape(dy, shape), 'input'),
  Transpose: ofShape((dy, _x, { perm }) => {
    return tf.transpose(
      dy,
      perm.map((_, i) => perm.indexOf(i)),
    );
  }),
  Slice: ofShape((dy, x, { begin, size }) => {
    const [from, sizes] = tf.slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
    return tf.pad(
      dy,
      x.shape.map((length, axis) => [from[axis]!, length - from[axis]! - sizes[axis]!]),
    );
  }),
  Concat: {
    keeps: { inputs: 'all' },
    gradient: (dy, saved, { axis }) => {
      const [along] = tf.util.parseAxisParam(axis, dy.shape) as [number];
      const parts = tf.split(
        dy,
        saved.map(({ shape }) => shape[along]!),
        along,
      );
      return parts.map((part) => () => part);
    },
  },
  Pack: {
    keeps: { inputs: 'all' },
    gradient: (dy, _saved, { axis }) => tf.unstack(dy, axis as number).map((part) => () => part),
  },
});

let registered = false;

/**
 * Registers the gradients of about forty common TensorFlow.js operations: arithmetic, powers, `exp`, `log`, `relu`,
 * `sigmoid`, `tanh`, `softplus`, `softmax`, `where`, sums, means, extremes, `matMul`, and changes of shape.
 * `@tensorflow/tfjs-core` on its own registers none. Gradients that are already registered stay.
 *
 * Every operation of this package calls this function first. Call it yourself only if you differentiate TensorFlow.js
 * operations before you call any operation of this package or create a model.
 */
export function registerTensorflowGradients(): void {
  if (registered) return;
  registered = true;
  for (const [kernelName, { keeps, gradient }] of Object.entries(makeGradients())) {
    if (tf.getGradient(kernelName) !== undefined) continue;
    tf.registerGradient({
      kernelName,
      ...(keeps.inputs === 'all' ? { saveAllInputs: true } : { inputsToSave: [...(keeps.inputs ?? [])] }),
      outputsToSave: [keeps.output === true],
      gradFunc: (dy, saved, attributes) =>
        gradient(dy as tf.Tensor, saved, attributes as unknown as Attributes) as Record<string, () => tf.Tensor>,
    });
  }
}

/**
 * Computes gradients. If TensorFlow.js has no gradient for an operation, the error says what to import.
 *
 * @param compute calls `tf.variableGrads`, `tf.grads` or the like
 * @returns what `compute` returns
 * @throws TaggerError `NO_GRADIENT` if an operation has no gradient; any other error of `compute` as it is
 */
export function explainMissingGradient<T>(compute: () => T): T {
  registerTensorflowGradients();
  try {
    return compute();
  } catch (cause) {
    const [, operation] = /gradient function not found for (\w+)/.exec(String(cause)) ?? [];
    if (operation === undefined) throw cause;
    throw new TaggerError(
      'NO_GRADIENT',
      `TensorFlow.js has no gradient for the operation '${operation}'. ` +
        (tf.getGradient('Conv2D') === undefined
          ? "Add `import '@tensorflow/tfjs'` to the program: it registers the gradients of all operations that have one."
          : 'Compute the cost without it.'),
      { cause },
    );
  }
}
