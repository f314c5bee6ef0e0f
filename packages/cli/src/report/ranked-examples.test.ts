import { rankExamples } from './ranked-examples';

describe('rankExamples', () => {
  it('picks the best, median and worst by AMI', () => {
    expect(rankExamples([0.3, 0.9, 0.1, 0.5, 0.7, 0.2, 0.8], 2)).toEqual({
      best: [1, 6],
      median: [4, 3],
      worst: [2, 5],
    });
  });

  it('picks no example twice', () => {
    expect(rankExamples([0.1, 0.2, 0.3, 0.4], 4)).toEqual({ best: [3], median: [2], worst: [0] });
    expect(rankExamples([], 1)).toEqual({ best: [], median: [], worst: [] });
  });

  it('keeps the order of the data for ties', () => {
    expect(rankExamples([0.5, 0.5, 0.5], 1)).toEqual({ best: [0], median: [1], worst: [2] });
  });
});
