import { closest, editDistance } from './closest';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['bacth', 'batch', 1],
    ['norm', 'form', 1],
  ])('of %p and %p is %p, both ways', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });
});

describe('closest', () => {
  const words = ['batchSize', 'seed', 'steps', 'epochs', 'std'];

  it.each([
    ['bachSize', 'batchSize'],
    ['BATCHSIZE', 'batchSize'],
    ['step', 'steps'],
    ['epcohs', 'epochs'],
    ['sizeOfTheBatch', undefined],
    ['xy', undefined],
  ])('of %p is %p', (word, meant) => {
    expect(closest(word, words)).toBe(meant);
  });
});
