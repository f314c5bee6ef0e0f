import { byRound, median, medianRatio } from './median';

describe('median', () => {
  it.each([
    [[5], 5],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[1, 1, 1, 100], 1],
    [[3, null, 1, null, 2], 2],
  ])('of %j is %d', (numbers, expected) => expect(median(numbers)).toBe(expected));

  it('of an empty list is NaN', () => expect(median([])).toBeNaN());

  it('does not reorder its input', () => {
    const numbers = [3, 1, 2];
    median(numbers);
    expect(numbers).toEqual([3, 1, 2]);
  });
});

describe('medianRatio', () => {
  it('compares round by round, so a slow round does not count', () =>
    expect(medianRatio([10, 100, 10], [20, 200, 20])).toBe(0.5));

  it('leaves out rounds in which one did not take part', () => expect(medianRatio([1, 2, 3], [2, null, 6])).toBe(0.5));

  it('is NaN if they share no round', () => expect(medianRatio([1, null], [null, 2])).toBeNaN());
});

it('byRound rounds, and keeps gaps', () =>
  expect(byRound([{ time: 1.23456 }, null], ({ time }) => time)).toEqual([1.235, null]));
