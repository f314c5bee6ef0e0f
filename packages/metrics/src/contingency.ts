/** How often each true label meets each predicted label, without the ignored elements. */
export interface Contingency {
  /** The number of elements, n. */
  readonly total: number;
  /** The true labels, in the order of `rows`. */
  readonly labels: readonly number[];
  /** Elements of each true label, a_i. */
  readonly rows: Int32Array;
  /** Elements of each predicted label, b_j. */
  readonly columns: Int32Array;
  /** The cells that are not 0: n_ij at (i, j). */
  readonly cells: readonly { readonly row: number; readonly column: number; readonly count: number }[];
}

/**
 * Counts the pairs of labels of elements `start .. end - 1` whose true label is neither `ignore` nor `background`. Labels are
 * any numbers; only their equality counts. Takes time and memory in proportion to the elements, however many labels there
 * are.
 */
export function countPairs(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  ignore: number | null,
  start = 0,
  end = truth.length,
  background: number | null = null,
): Contingency {
  const rowOf = new Map<number, number>();
  const columnOf = new Map<number, number>();
  const row = new Int32Array(end - start);
  const column = new Int32Array(end - start);
  let total = 0;
  for (let i = start; i < end; i++) {
    const label = truth[i] as number;
    if (label === ignore || label === background) continue;
    row[total] = indexOf(rowOf, label);
    column[total] = indexOf(columnOf, predicted[i] as number);
    total++;
  }

  const rows = new Int32Array(rowOf.size);
  const columns = new Int32Array(columnOf.size);
  for (let i = 0; i < total; i++) {
    rows[row[i] as number]! += 1;
    columns[column[i] as number]! += 1;
  }

  // Elements sorted by row (counting sort), then each row's columns counted.
  const next = new Int32Array(rows.length);
  for (let r = 1; r < rows.length; r++) next[r] = (next[r - 1] as number) + (rows[r - 1] as number);
  const sorted = new Int32Array(total);
  for (let i = 0; i < total; i++) sorted[next[row[i] as number]!++] = column[i] as number;

  const cells: { row: number; column: number; count: number }[] = [];
  const counts = new Int32Array(columns.length);
  for (let r = 0, i = 0; r < rows.length; r++) {
    const first = i;
    const last = i + (rows[r] as number);
    for (; i < last; i++) counts[sorted[i] as number]! += 1;
    for (let k = first; k < last; k++) {
      const c = sorted[k] as number;
      if (counts[c] === 0) continue;
      cells.push({ row: r, column: c, count: counts[c] as number });
      counts[c] = 0;
    }
  }
  return { total, labels: [...rowOf.keys()], rows, columns, cells };
}

function indexOf(indices: Map<number, number>, label: number): number {
  let index = indices.get(label);
  if (index === undefined) {
    index = indices.size;
    indices.set(label, index);
  }
  return index;
}
