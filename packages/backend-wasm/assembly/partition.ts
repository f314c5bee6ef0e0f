// Splits the work of element-wise kernels into tasks. The split depends on the shape alone, never on the number of threads,
// so that the order of summation, and with it every bit, is the same for any number of threads.

/** About how many elements a task computes: enough to make the cost of claiming it negligible. */
const TASK_ELEMENTS: u32 = 16384;
/** Columns per task, for tasks that go down columns: their sums stay in the L1 cache. A multiple of 4. */
export const STRIP_COLUMNS: u32 = 128;
/** A job has at most 65535 tasks. */
const MOST_TASKS: u32 = 65535;

/** How many of `count` rows of `size` elements each task handles. */
export function rowsPerTask(count: u32, size: u32): u32 {
  const rows = max<u32>(1, TASK_ELEMENTS / max<u32>(1, size));
  return max<u32>(rows, tasksOf(count, MOST_TASKS));
}

/** The number of tasks for `count` items, `each` per task. */
@inline
export function tasksOf(count: u32, each: u32): u32 {
  return count / each + u32(count % each != 0);
}

/** How many of `count` contiguous elements each task handles: a multiple of 4. */
export function elementsPerTask(count: u32, reads: u32): u32 {
  const elements = max<u32>(4, (TASK_ELEMENTS / max<u32>(1, reads)) & ~3);
  return max<u32>(elements, (tasksOf(count, MOST_TASKS) + 3) & ~3);
}
