import { matchSegments } from './match-segments';

describe('matchSegments', () => {
  it('pairs each segment with the group that holds most of it, one to one', () => {
    const segments = [0, 0, 1, 1, 1, 255];
    // Group 1 holds most of both; segment 1 has more of it.
    const assignment = [0.4, 0.4, 0, 0, 0, 1, 0.6, 0.6, 1, 1, 1, 0];
    expect(matchSegments(segments, assignment)).toEqual(
      new Map([
        [1, 1],
        [0, 0],
      ]),
    );
  });

  it('gives segments beyond the groups the indices after them', () => {
    expect(matchSegments([3, 3, 5, 4], [1, 1, 1, 1])).toEqual(
      new Map([
        [3, 0],
        [4, 1],
        [5, 2],
      ]),
    );
  });

  it('numbers segments if there are no groups', () => {
    expect([...matchSegments([2, 255, 0], undefined)]).toEqual([
      [0, 0],
      [2, 1],
    ]);
  });
});
