import { argmaxGroups } from './argmax-groups';
import { checkDivides, checkInteger } from './check';
import { MetricsError } from './errors';

/** Options of {@link groupUsage}. */
export interface GroupUsageOptions {
  /** The number of groups, K, in [1, 256]. */
  readonly groups: number;
  /** The number of examples, B. */
  readonly size: number;
  /**
   * The share of an example's elements that a group has to win to count as used, in (0, 1].
   *
   * @default 0.01
   */
  readonly threshold?: number;
}

/** How the groups are used; shows whether they have collapsed into one. */
export interface GroupUsage {
  /** The mean over examples of the number of groups used, in [0, K]: near 1, everything lies in one group. */
  readonly groupsUsed: number;
  /** The mean over elements of -sum_k m_k log m_k, in nats, in [0, log K]: near log K, no group is preferred. */
  readonly entropy: number;
}

/**
 * How many groups win elements, and how undecided the assignments are.
 *
 * @param assignments [K, B, N], the assignments m: in [0, 1], summing to 1 over the groups
 * @throws MetricsError `INVALID_SHAPE` for a length that is not a multiple of `groups * size`, `NON_FINITE` for an assignment
 *   that is NaN or negative, `INVALID_OPTION`
 */
export function groupUsage(
  assignments: ArrayLike<number>,
  { groups, size, threshold = 0.01 }: GroupUsageOptions,
): GroupUsage {
  checkInteger('groupUsage', 'groups', groups, 1, 256);
  checkInteger('groupUsage', 'size', size, 1);
  if (!(threshold > 0 && threshold <= 1)) {
    throw new MetricsError('INVALID_OPTION', `groupUsage: expected threshold in (0, 1], got ${threshold}.`);
  }
  const elements = checkDivides('groupUsage', 'assignments', assignments.length, 'groups * size', groups * size);

  let entropy = 0;
  for (let i = 0; i < assignments.length; i++) {
    const m = assignments[i] as number;
    if (!(m >= 0 && m < Infinity)) {
      throw new MetricsError('NON_FINITE', `groupUsage: expected assignments in [0, 1], got ${m} at ${i}.`);
    }
    if (m > 0) entropy -= m * Math.log(m);
  }

  const winners = argmaxGroups(assignments, { groups });
  let used = 0;
  const wins = new Int32Array(groups);
  for (let b = 0; b < size; b++) {
    wins.fill(0);
    for (let i = b * elements; i < (b + 1) * elements; i++) wins[winners[i] as number]! += 1;
    for (const count of wins) if (count > 0 && count >= threshold * elements) used++;
  }
  return { groupsUsed: used / size, entropy: elements === 0 ? 0 : entropy / (size * elements) };
}
