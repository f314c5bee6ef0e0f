import { checkDivides, checkInteger } from './check';
import { MetricsError } from './errors';

/** Options of {@link argmaxGroups}. */
export interface ArgmaxGroupsOptions {
  /** The number of groups, K, in [1, 256]. */
  readonly groups: number;
}

/**
 * The group each element is assigned to: argmax_k m_k, the first of equals.
 *
 * @param assignments [K, B, N], the assignments m (or their logits: any numbers in the same order)
 * @returns [B, N], integers in [0, K)
 * @throws MetricsError `INVALID_SHAPE` for a length that is not a multiple of `groups`, `NON_FINITE` for a NaN,
 *   `INVALID_OPTION`
 */
export function argmaxGroups(assignments: ArrayLike<number>, { groups }: ArgmaxGroupsOptions): Uint8Array {
  checkInteger('argmaxGroups', 'groups', groups, 1, 256);
  const elements = checkDivides('argmaxGroups', 'assignments', assignments.length, 'groups', groups);
  const winners = new Uint8Array(elements);
  for (let i = 0; i < elements; i++) {
    let winner = 0;
    let largest = -Infinity;
    for (let k = 0; k < groups; k++) {
      const value = assignments[k * elements + i] as number;
      if (value !== value) {
        throw new MetricsError('NON_FINITE', `argmaxGroups: the assignment of group ${k} to element ${i} is NaN.`);
      }
      if (value > largest) {
        largest = value;
        winner = k;
      }
    }
    winners[i] = winner;
  }
  return winners;
}
