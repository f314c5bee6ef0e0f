import { closest } from './closest';

describe('closest', () => {
  const words = ['batchSize', 'seed', 'steps', 'epochs', 'std'];

  it.each([
    ['bachSize', 'batchSize'],
    ['BATCHSIZE', 'batchSize'],
    ['step', 'steps'],
    ['epcohs', 'epochs'],
    ['sizeOfTheBatch', undefined],
    ['xy', undefined],
  ])('suggests for %p: %p', (word, suggestion) => {
    expect(closest(word, words)).toBe(suggestion);
  });
});
