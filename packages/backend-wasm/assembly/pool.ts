// A thread pool that shares work through a control block in shared memory.
//
// A job consists of tasks. The calling thread publishes it, works on it too, and waits until the tasks that other threads
// claimed are done. Every free thread claims the next task. So a thread that sleeps, or is preempted, delays the others by at
// most the task it holds; a thread that never shows up does not delay them at all.
//
// The word at CLAIM holds the generation of the job (upper 32 bits), its number of tasks (16 bits) and the next task (16
// bits). A thread claims a task with a compare-and-exchange that increments the next task. It fails if anything changed in
// between, including the generation, so a late thread cannot mistake a task of a later job for one of an earlier job. The
// job's arguments are read only inside a task, and change only when no task is left.

import { CONTROL_BYTES, JOB } from "./job";
import { runTask } from "./tasks";

// Offsets in the control block. Words that different threads write are on separate cache lines.
const CLAIM: usize = 0; // u64
const DONE: usize = 128; // u32: tasks done
const SLEEPERS: usize = 256; // u32: threads that sleep until the next job
const WAITING: usize = 384; // u32: whether the calling thread sleeps until the tasks are done
const FAILED: usize = 512; // u32: whether a task trapped
const THREADS: usize = 640; // u32: number of threads, including the calling one
const MAY_WAIT: usize = 644; // u32: whether the calling thread may block; a browser's main thread may not

/** How many times a thread polls for a job before it sleeps: about 90 microseconds, which spans the calls between products. */
const LOOKS_FOR_JOB: u32 = 30000;
/** How many times the calling thread polls for completion before it sleeps. */
const LOOKS_IF_DONE: u32 = 20000;

/** Initializes a control block. */
export function initialize(control: usize, threads: u32, mayWait: u32): void {
  memory.fill(control, 0, CONTROL_BYTES);
  store<u32>(control + THREADS, threads);
  store<u32>(control + MAY_WAIT, mayWait);
}

/** Runs the job whose arguments are in the control block, as `count` tasks (at most 65535). Returns when all are done. */
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

/** The main loop of a pool thread: runs tasks forever. Thread 0 is the calling thread. */
export function work(control: usize, thread: u32): void {
  let looks: u32 = 0;
  while (true) {
    if (doTask(control, thread)) looks = 0;
    else if (++looks == LOOKS_FOR_JOB) {
      looks = 0;
      const generation = <i32>(atomic.load<u64>(control + CLAIM) >> 32);
      atomic.add<u32>(control + SLEEPERS, 1);
      // The publishing thread changes the generation first and then looks for sleepers. So this thread either sees the job
      // and does not sleep, or is seen and woken. No job depends on a thread waking up: the calling thread works on it too.
      atomic.wait<i32>(control + CLAIM + 4, generation, -1);
      atomic.sub<u32>(control + SLEEPERS, 1);
    }
  }
}

/** Records that a task trapped. The calling thread then traps too, on this and every later job, instead of waiting forever. */
export function fail(control: usize): void {
  atomic.store<u32>(control + FAILED, 1);
  finish(control);
}

/** Claims a task and runs it. Returns whether there was one. */
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
