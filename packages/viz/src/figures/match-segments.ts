import { IGNORED_SEGMENT } from '../group-example';

/**
 * Matches true segments with groups, one to one and greedily by the number of shared elements, so that a segment and the group
 * that found it can have the same color. Segments without a group get the indices from K on.
 *
 * @param segments [N] true segments
 * @param assignment [K, N] assignment at the last iteration, if any
 */
export function matchSegments(
  segments: ArrayLike<number>,
  assignment: ArrayLike<number> | undefined,
): Map<number, number> {
  const size = segments.length;
  const groups = assignment === undefined ? 0 : assignment.length / size;
  const shared = new Map<number, Float64Array>();
  for (let n = 0; n < size; n++) {
    const segment = segments[n] as number;
    if (segment === IGNORED_SEGMENT) continue;
    let counts = shared.get(segment);
    if (counts === undefined) shared.set(segment, (counts = new Float64Array(groups)));
    for (let k = 0; k < groups; k++) counts[k] = (counts[k] as number) + (assignment?.[k * size + n] as number);
  }
  const pairs = [...shared].flatMap(([segment, counts]) =>
    [...counts].map((count, group) => ({ segment, group, count })),
  );
  pairs.sort((a, b) => b.count - a.count || a.segment - b.segment || a.group - b.group);
  const match = new Map<number, number>();
  const taken = new Set<number>();
  for (const { segment, group } of pairs) {
    if (match.has(segment) || taken.has(group)) continue;
    match.set(segment, group);
    taken.add(group);
  }
  let next = groups;
  for (const segment of [...shared.keys()].sort((a, b) => a - b)) {
    if (!match.has(segment)) match.set(segment, next++);
  }
  return match;
}
