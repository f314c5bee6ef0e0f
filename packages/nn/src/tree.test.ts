import '@tensorflow/tfjs-backend-cpu';

import { expectNoLeak, withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { assignTree, countValues, disposeTree, joinTrees, readTree, sameShape, type TensorTree } from './tree';

beforeAll(() => tf.setBackend('cpu'));

const variable = (...values: number[]) => tf.tidy(() => tf.variable(tf.tensor1d(values)));
const make = (): TensorTree => ({ W: variable(1, 2, 3), b: variable(4) });
const value = (data: number[], shape = [data.length]) => ({ shape, data: Float32Array.from(data) });

describe('joinTrees', () => {
  it('puts each tree under its prefix, and the empty prefix adds names as they are', () => {
    const [a, b] = [make(), make()];
    const joined = joinTrees({ '': a, ladder: b });
    expect(Object.keys(joined)).toEqual(['W', 'b', 'ladder/W', 'ladder/b']);
    expect(joined['ladder/W']).toBe(b['W']);
    [a, b].forEach(disposeTree);
  });

  it('accepts pairs, so that a prefix can repeat', () => {
    const [a, b] = [{ W: variable(1) }, { V: variable(2) }];
    expect(Object.keys(joinTrees([['x', a], ['x', b]]))).toEqual(['x/W', 'x/V']); // prettier-ignore
    [a, b].forEach(disposeTree);
  });

  it('refuses two tensors with the same name', () => {
    const [a, b] = [{ 'ladder/W': variable(1) }, { W: variable(2) }];
    expect(() => joinTrees({ '': a, ladder: b })).toThrow(withCode('PARAMETER_MISMATCH', 'ladder/W'));
    [a, b].forEach(disposeTree);
  });
});

it('counts values', () => {
  const tree = make();
  expect(countValues(tree)).toBe(4);
  expect(countValues({})).toBe(0);
  disposeTree(tree);
});

it('reads values as copies', async () => {
  const tree = make();
  const values = await readTree(tree);
  expect(values).toEqual({ W: value([1, 2, 3]), b: value([4]) });
  values['W']!.data[0] = 99;
  expect(Array.from(await tree['W']!.data())).toEqual([1, 2, 3]);
  disposeTree(tree);
});

describe('assignTree', () => {
  it('copies the values it writes', async () => {
    const tree = make();
    const values = { W: value([5, 6, 7]), b: value([8]) };
    assignTree(tree, values);
    values.W.data[0] = 99;
    expect(await readTree(tree)).toEqual({ W: value([5, 6, 7]), b: value([8]) });
    disposeTree(tree);
  });

  it('accepts tensors and arrays, and a variable of the tree itself', async () => {
    await expectNoLeak(async () => {
      const tree = make();
      const x = tf.tensor1d([5, 6, 7]);
      assignTree(tree, { W: x, b: [8] });
      x.dispose();
      expect(await readTree(tree)).toEqual({ W: value([5, 6, 7]), b: value([8]) });
      assignTree(tree, { ...tree, b: Float64Array.of(9) });
      expect(await readTree(tree)).toEqual({ W: value([5, 6, 7]), b: value([9]) });
      disposeTree(tree);
    });
  });

  it.each<[string, () => unknown]>([
    ['a tensor of another shape', () => tf.tensor2d([[1, 2, 3]])],
    ['a tensor of integers', () => tf.tensor1d([1, 2, 3], 'int32')],
    ['an array of another length', () => [1, 2]],
    ['a number', () => 3],
    ['null', () => null],
  ])('refuses %s', async (_, W) => {
    const tree = make();
    expect(() => assignTree(tree, { b: [8], W: W() } as never)).toThrow(
      expect.objectContaining({ code: 'PARAMETER_MISMATCH' }),
    );
    expect(Array.from(await tree['b']!.data())).toEqual([4]);
    disposeTree(tree);
  });

  it('names everything that does not fit, and then writes nothing', async () => {
    const tree: TensorTree = { ...make(), c: variable(0, 0) };
    const wrong = {
      W: value([9, 9, 9]),
      b: value([1, 2]),
      c: { shape: [2], data: new Float32Array(3) },
      d: value([1]),
    };
    expect(() => assignTree(tree, wrong)).toThrow(withCode('PARAMETER_MISMATCH', 'b', 'c', 'd'));
    expect(() => assignTree(tree, { W: value([9, 9, 9]) })).toThrow(withCode('PARAMETER_MISMATCH', 'b', 'c'));
    expect(Array.from(await tree['W']!.data())).toEqual([1, 2, 3]);
    disposeTree(tree);
  });

  it('ignores inherited properties', async () => {
    const tree: TensorTree = { constructor: variable(0) };
    expect(() => assignTree(tree, {})).toThrow(withCode('PARAMETER_MISMATCH', 'constructor'));
    expect(() => assignTree({}, { toString: value([1]) } as never)).toThrow(withCode('PARAMETER_MISMATCH', 'toString'));
    expect(Object.keys(joinTrees({ '': tree }))).toEqual(['constructor']);
    disposeTree(tree);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(async () => {
      const tree = make();
      assignTree(tree, await readTree(tree));
      disposeTree(tree);
    }));
});

it('compares shapes', () => {
  expect(sameShape([], [])).toBe(true);
  expect(sameShape([2, 3], [2, 3])).toBe(true);
  expect(sameShape([2, 3], [3, 2])).toBe(false);
  expect(sameShape([2], [2, 1])).toBe(false);
});
