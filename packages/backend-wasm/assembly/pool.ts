// Sharing work between threads, by a control block in shared memory.
//
// A job is a number of tasks. The calling thread publishes it, works at it itself, and waits until the tasks that others
// took are done. Whoever is free claims the next task, so that a thread that sleeps, or whose core is taken away, delays
// the others by no more than the task it holds, and one that never comes delays them not at all.
//
// The word at CLAIM holds the generation of the job (upper 32 bits), how many tasks it has (16 bits) and which is the next
// (16 bits). To claim a task is to exchange that word for the same with the next task; it succeeds only where nothing
// changed in between, the generation least of all. So a thread that comes late cannot take a task of a later job for one
// of an earlier; and the job's arguments, which are read only inside a task, change only when no task is left.

import { JOB } from "./job";
import { runTask } from "./tasks";

// Offsets in the control block. What different threads write lies on cache lines of its own.
const CLAIM: usize = 0; // u64
const DONE: usize = 128; // u32: tasks done
const SLEEPERS: usize = 256; // u32: threads that sleep until there is a job
const WAITING: usize = 384; // u32: whether the calling thread sleeps until the tasks are done
const FAILED: usize = 512; // u32: whether a task trapped
const THREADS: usize = 640; // u32: how many threads there are, the calling one among them
const MAY_WAIT: usize = 644; // u32: whether the calling thread may sleep; a browser's main thread may not
/** Size of the control block in bytes. */
export const CONTROL_BYTES: usize = 1024;

/** How many times a thread looks for a job before it sleeps: some 30 microseconds. */
const LOOKS_FOR_JOB: u32 = 10000;
/** How many times the calling thread looks whether the tasks are done before it sleeps. */
const LOOKS_IF_DONE: u32 = 20000;

/** Fills in a control block. */
export function initialize(control: usize, threads: u32, mayWait: u32): void {
  memory.fill(control, 0, CONTROL_BYTES);
  store<u32>(control + THREADS, threads);
  store<u32>(control + MAY_WAIT, mayWait);
}

/** Does the job whose arguments are in the control block, in `count` tasks, at most 65535; returns when all are done. */
export function runJob(control: usize, count: u32): void {
  if (load<u32>(control + FAILED) != 0) unreachable();
  if (count < 2 || load<u32>(control + THREADS) < 2) {
    for (let task: u32 = 0; task < count; task++) runTask(control + JOB, task, 0);
    return;
  }
  atomic.store<u32>(control + DONE, 0);
  const generation = (atomic.load<u64>(control + CLAIM) >> 32) + 1;
  atomic.store<u64>(control + CLAIM, (generation << 32) | (<u64>count << 16));
  if (atomic.load<u32>(control + SLEEPERS) > 0) atomic.notify(control + CLAIM + 4, -1);
  while (doTask(control, 0)) {}
  join(control, count);
  if (atomic.load<u32>(control + FAILED) != 0) unreachable();
}

/** Does tasks as they come, forever: what a thread of the pool does. Thread 0 is the calling one. */
export function work(control: usize, thread: u32): void {
  let looks: u32 = 0;
  while (true) {
    if (doTask(control, thread)) looks = 0;
    else if (++looks == LOOKS_FOR_JOB) {
      looks = 0;
      const generation = <i32>(atomic.load<u64>(control + CLAIM) >> 32);
      atomic.add<u32>(control + SLEEPERS, 1);
      // Whoever publishes a job changes the generation first and looks for sleepers then, so that either this sleeps not
      // at all or is seen. A job that is published has tasks for the calling thread too: it needs nobody to wake up.
      atomic.wait<i32>(control + CLAIM + 4, generation, -1);
      atomic.sub<u32>(control + SLEEPERS, 1);
    }
  }
}

/** Says that a task trapped: the calling thread traps too, now and ever after, instead of waiting forever. */
export function fail(control: usize): void {
  atomic.store<u32>(control + FAILED, 1);
  finish(control);
}

/** Claims a task and does it; whether there was one. */
function doTask(control: usize, thread: u32): bool {
  while (true) {
    const claim = atomic.load<u64>(control + CLAIM);
    const next = <u32>claim & 0xffff;
    if (next >= (<u32>claim >> 16)) return false;
    if (atomic.cmpxchg<u64>(control + CLAIM, claim, claim + 1) == claim) {
      runTask(control + JOB, next, thread);
      finish(control);
      return true;
    }
  }
}

function finish(control: usize): void {
  atomic.add<u32>(control + DONE, 1);
  if (atomic.load<u32>(control + WAITING) != 0) atomic.notify(control + DONE, 1);
}

/** Waits until all tasks are done. */
function join(control: usize, count: u32): void {
  const mayWait = load<u32>(control + MAY_WAIT) != 0;
  let looks: u32 = 0;
  while (atomic.load<u32>(control + DONE) != count) {
    if (++looks < LOOKS_IF_DONE || !mayWait) continue;
    atomic.store<u32>(control + WAITING, 1);
    while (true) {
      const done = atomic.load<u32>(control + DONE);
      if (done == count) break;
      atomic.wait<i32>(control + DONE, <i32>done, -1);
    }
    atomic.store<u32>(control + WAITING, 0);
  }
}
