import * as tf from '@tensorflow/tfjs-core';

import { TaggerError } from './errors';

/**
 * Named tensors that belong to a model: its parameters, or its state. Names are paths, such as `ladder/W_1`.
 * A tree is flat; nesting is in the names.
 */
export type TensorTree = Readonly<Record<string, tf.Variable>>;

/** A tensor as plain values, to save, compare or send. */
export interface TensorValue {
  /** The size of each axis; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float32Array;
}

/** Named plain values of a tree. */
export type TreeValues = Readonly<Record<string, TensorValue>>;

/**
 * Joins trees into one, each under a prefix: `{ ladder: { W_1 } }` becomes `{ 'ladder/W_1' }`. The empty prefix adds
 * the names as they are. Give pairs, `[['', a], ['', b]]`, to use one prefix twice.
 *
 * @throws TaggerError `PARAMETER_MISMATCH` if two names collide
 */
export function joinTrees(
  trees: Readonly<Record<string, TensorTree>> | readonly (readonly [prefix: string, tree: TensorTree])[],
): TensorTree {
  const joined: Record<string, tf.Variable> = {};
  const pairs: readonly (readonly [string, TensorTree])[] = Array.isArray(trees) ? trees : Object.entries(trees);
  for (const [prefix, tree] of pairs) {
    for (const [name, variable] of Object.entries(tree)) {
      const path = prefix === '' ? name : `${prefix}/${name}`;
      if (Object.hasOwn(joined, path)) {
        throw new TaggerError('PARAMETER_MISMATCH', `joinTrees: two parts of the model have a tensor named '${path}'.`);
      }
      joined[path] = variable;
    }
  }
  return joined;
}

/** Number of scalar values in a tree. */
export function countValues(tree: TensorTree): number {
  return Object.values(tree).reduce((sum, variable) => sum + variable.size, 0);
}

/** Reads a tree's values from the device. */
export async function readTree(tree: TensorTree): Promise<Record<string, TensorValue>> {
  const values: Record<string, TensorValue> = {};
  for (const [name, variable] of Object.entries(tree)) {
    values[name] = { shape: [...variable.shape], data: Float32Array.from((await variable.data()) as Float32Array) };
  }
  return values;
}

/** A value for a tensor of a tree: a float32 tensor, an array of its elements (row-major), or an array with its shape. */
export type AssignableValue = tf.Tensor | ArrayLike<number> | TensorValue;

/**
 * Writes values into a tree. Names and shapes must match the tree's exactly (for an array without a shape, the number of
 * elements); otherwise nothing is written. The values are copied; the caller keeps its tensors.
 *
 * @throws TaggerError `PARAMETER_MISMATCH` naming every missing, unexpected and misshapen tensor
 */
export function assignTree(tree: TensorTree, values: Readonly<Record<string, AssignableValue>>): void {
  const problems: string[] = [];
  for (const [name, variable] of Object.entries(tree)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const problem = value === undefined ? `[${variable.shape}] is missing` : misfit(value, variable);
    if (problem !== undefined) problems.push(`'${name}' ${problem}`);
  }
  for (const name of Object.keys(values))
    if (!Object.hasOwn(tree, name)) problems.push(`'${name}' is not in the model`);
  if (problems.length > 0) {
    throw new TaggerError(
      'PARAMETER_MISMATCH',
      `The values do not fit the model: ${problems.join('; ')}. Create the model from the configuration that was saved ` +
        'with the values.',
    );
  }
  tf.tidy(() => {
    // All values are read before any is written: one may be a variable of this tree.
    const tensors = Object.entries(tree).map(([name, { shape }]) => toTensor(values[name] as AssignableValue, shape));
    for (const [i, variable] of Object.values(tree).entries()) variable.assign(tensors[i] as tf.Tensor);
  });
}

/** Why a value does not fit a variable; undefined if it does. */
function misfit(value: AssignableValue, { shape, size }: tf.Variable): string | undefined {
  if (typeof value !== 'object' || value === null) return 'is not a tensor or an array of numbers';
  const given = value instanceof tf.Tensor || 'shape' in value ? value.shape : undefined;
  if (given !== undefined && !sameShape(given, shape)) return `has shape [${given}], the model has [${shape}]`;
  if (value instanceof tf.Tensor) return value.dtype === 'float32' ? undefined : `is ${value.dtype}, not float32`;
  const { length } = 'data' in value ? value.data : value;
  return length === size ? undefined : `holds ${length} values, its shape [${shape}] has ${size}`;
}

function toTensor(value: AssignableValue, shape: readonly number[]): tf.Tensor {
  if (value instanceof tf.Tensor) return tf.clone(value);
  // The copy keeps a caller's later writes out: TensorFlow.js may alias the array.
  return tf.tensor(new Float32Array('data' in value ? value.data : value), [...shape], 'float32');
}

/** Frees every tensor of a tree. */
export function disposeTree(tree: TensorTree): void {
  for (const variable of Object.values(tree)) variable.dispose();
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
