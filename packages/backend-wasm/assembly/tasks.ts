// Which task belongs to which job. The functions named here are exported from the module only to keep them functions:
// inlined into the loop of a thread, which never returns, they would run unoptimized forever.

import { multiplyStrip, packRows } from "./matmul";

/** Operations, the first word of a job. */
export const PACK_ROWS: u32 = 0;
export const MULTIPLY_STRIP: u32 = 1;

/** Does one task of the job. `thread` says whose scratch memory may be used. */
export function runTask(job: usize, task: u32, thread: u32): void {
  switch (load<u32>(job)) {
    case PACK_ROWS:
      packRows(job, task);
      break;
    case MULTIPLY_STRIP:
      multiplyStrip(job, task, thread);
      break;
    default:
      unreachable();
  }
}
