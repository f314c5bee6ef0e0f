import { measureError } from './measure-error';

const tolerance = { relative: 0.1, absolute: 0.5, reason: 'of a test' };
const of = (actual: readonly number[], expected: readonly number[]) =>
  measureError({ label: 'a tensor', kind: 'value', actual, expected }, tolerance);

it('returns the largest error, absolute and relative to the largest value, and its place', () =>
  expect(of([1, -19, 3], [1, -20, 2.5])).toEqual({
    absolute: 1,
    relative: 0.05,
    allowed: 2.5,
    agrees: true,
    label: 'a tensor',
    where: 'element 1 is -19, expected -20',
  }));

it('disagrees beyond the tolerance', () => expect(of([3.1], [2])).toMatchObject({ agrees: false }));

it.each([
  [[NaN], [1]],
  [[Infinity], [1]],
  [[1], [NaN]],
  [[Infinity], [-Infinity]],
])('refuses %p where %p is right', (actual, expected) =>
  expect(of(actual, expected)).toMatchObject({ absolute: null, relative: null, agrees: false }),
);

it('accepts expected NaN and infinities', () =>
  expect(of([NaN, Infinity, 1], [NaN, Infinity, 1])).toMatchObject({ absolute: 0, relative: 0, agrees: true }));

it('disagrees on a different number of values or a different shape', () => {
  expect(of([1, 2], [1])).toMatchObject({ agrees: false, where: '2 values, expected 1' });
  const shapes = { actual: [1, 2], expected: [2, 1] };
  const quantity = { label: 'a', kind: 'value', actual: [1, 2], expected: [1, 2], shapes } as const;
  expect(measureError(quantity, tolerance)).toMatchObject({ agrees: false, where: 'shape [1,2], expected [2,1]' });
});

it('has no relative error for expected zeros', () =>
  expect(of([0.2], [0])).toMatchObject({ absolute: 0.2, relative: null, agrees: true }));
