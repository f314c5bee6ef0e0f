import { matchSegments } from './match-segments';

describe('matchSegments', () => {
  it('matches each segment, one to one, with the group that contains most of it', () => {
    const segments = [0, 0, 1, 1, 1, 255];
    // Group 1 contains most of both segments, and more of segment 1.
    const assignment = [0.4, 0.4, 0, 0, 0, 1, 0.6, 0.6, 1, 1, 1, 0];
    expect(matchSegments(segments, assignment)).toEqual(
      new Map([
        [1, 1],
        [0, 0],
      ]),
    );
  });

  it('numbers segments without a group after the groups', () => {
    expect(matchSegments([3, 3, 5, 4], [1, 1, 1, 1])).toEqual(
      new Map([
        [3, 0],
        [4, 1],
        [5, 2],
      ]),
    );
  });

  it('numbers segments without any groups', () => {
    expect([...matchSegments([2, 255, 0], undefined)]).toEqual([
      [0, 0],
      [2, 1],
    ]);
  });
});
