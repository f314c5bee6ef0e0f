import type { GroupedExample } from '@taggerjs/train';

import { rankExamples } from './ranked-examples';

const grouped = (ami?: number): GroupedExample => ({
  input: Float32Array.of(0),
  corrupted: Float32Array.of(0),
  iterations: [
    { predictions: Float32Array.of(0), assignments: Float32Array.of(1), ami: 0.5 },
    { predictions: Float32Array.of(0), assignments: Float32Array.of(1), ...(ami !== undefined && { ami }) },
  ],
});
const places = (ranked: readonly { index: number }[]) => ranked.map(({ index }) => index);

describe('rankExamples', () => {
  it('picks by the AMI of the last iteration, the worst from the end', () => {
    const ranking = rankExamples([0.3, 0.9, 0.1, 0.5, 0.7, 0.2, 0.8].map(grouped), 2)!;
    expect(places(ranking.best)).toEqual([1, 6]);
    expect(places(ranking.median)).toEqual([4, 3]);
    expect(places(ranking.worst)).toEqual([2, 5]);
    expect(ranking.scores).toEqual([0.3, 0.9, 0.1, 0.5, 0.7, 0.2, 0.8]);
  });

  it('takes none twice where there are few', () => {
    const ranking = rankExamples([0.1, 0.2, 0.3, 0.4].map(grouped), 4)!;
    expect([ranking.best, ranking.median, ranking.worst].map(places)).toEqual([[3], [2], [0]]);
  });

  it('ranks nothing where there are no true segments, or no examples', () => {
    expect(rankExamples([grouped(0.1), grouped()], 1)).toBeUndefined();
    expect(rankExamples([], 1)).toBeUndefined();
  });
});
