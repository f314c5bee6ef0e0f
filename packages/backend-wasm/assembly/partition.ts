// How the work of element-wise kernels is cut into tasks. By the shape alone, never by the number of threads: what is summed
// by a task, and in which order, must not depend on them.

/** About how many elements a task computes: far more than it costs to claim it. */
const TASK_ELEMENTS: u32 = 16384;
/** Columns of a task that goes down columns: their sums stay in the first-level cache. A multiple of 4. */
export const STRIP_COLUMNS: u32 = 128;
/** A job has no more tasks than 65535. */
const MOST_TASKS: u32 = 65535;

/** How many of `count` rows of `size` elements a task takes. */
export function rowsPerTask(count: u32, size: u32): u32 {
  const rows = max<u32>(1, TASK_ELEMENTS / max<u32>(1, size));
  return max<u32>(rows, tasksOf(count, MOST_TASKS));
}

/** How many tasks it takes to compute `count` things, `each` by a task. */
// @ts-ignore: decorator
@inline
export function tasksOf(count: u32, each: u32): u32 {
  return count / each + u32(count % each != 0);
}

/** How many of `count` elements in a row a task takes: a multiple of 4. */
export function elementsPerTask(count: u32, reads: u32): u32 {
  const elements = max<u32>(4, (TASK_ELEMENTS / max<u32>(1, reads)) & ~3);
  return max<u32>(elements, (tasksOf(count, MOST_TASKS) + 3) & ~3);
}
