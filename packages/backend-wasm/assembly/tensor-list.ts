// A list of tensors of different sizes that one job handles: a record of `RECORD` bytes for each, written by the host. Its
// first word is the tensor's first task, set here; the second is its size; offsets of tensors follow.

import { tasksOf } from "./partition";

/** Elements per task, at least. */
const TASK_ELEMENTS: u32 = 16384;

/** How many elements each task handles, for `total` elements in all: a multiple of 4, so that there are not too many tasks. */
export function elementsPerListTask(total: u32): u32 {
  return max<u32>(TASK_ELEMENTS, ((total >> 15) + 3) & ~3);
}

/** Numbers the tasks of the records from `list` on. Returns their number. */
export function numberTasks(list: usize, count: u32, record: usize, each: u32): u32 {
  let tasks: u32 = 0;
  for (let at = list; at < list + <usize>count * record; at += record) {
    store<u32>(at, tasks);
    tasks += tasksOf(load<u32>(at, 4), each);
  }
  return tasks;
}

/** The record of a task: the last one whose first task is not after it. */
@inline
export function recordOf(list: usize, count: u32, record: usize, task: u32): usize {
  let at = list + <usize>(count - 1) * record;
  while (load<u32>(at) > task) at -= record;
  return at;
}
