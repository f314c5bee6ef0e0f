import { classesInWords, rankClasses } from './ranked-classes';

describe('rankClasses', () => {
  it('sorts by probability, then by class', () => {
    expect(rankClasses([0.1, 0.4, 0.1, 0.4]).map(({ class: index }) => index)).toEqual([1, 3, 0, 2]);
    expect(rankClasses([0.25, 0.75])[0]).toEqual({ class: 1, probability: 0.75 });
  });
});

describe('classesInWords', () => {
  it.each([
    ['one sure class', [0.02, 0.95, 0.03], undefined, '1 (95 %)'],
    ['two objects', [0.5, 0.05, 0.45], undefined, '0 (50 %), 2 (45 %)'],
    ['no decision: three at most', [0.2, 0.2, 0.2, 0.2, 0.2], undefined, '0 (20 %), 1 (20 %), 2 (20 %)'],
    ['labels', [0.5, 0.05, 0.45], Uint8Array.of(2, 1), '0 (50 %), 2 (45 %); true: 2, 1'],
  ])('%s', (_, posterior, labels, text) => expect(classesInWords(posterior, labels)).toBe(text));
});
