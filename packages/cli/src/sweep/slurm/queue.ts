import { shellLine } from '../../command-line/command-line';
import type { Output } from '../../terminal/output';
import { engineCommand } from '../engine-command';

/** What Slurm reports about the task of one run. */
export interface SlurmTask {
  readonly index: number;
  /** Such as `1234_5`. */
  readonly id: string;
  /** Such as `PENDING`. Some versions of Slurm add flags: `PENDING,REQUEUE_HOLD`. */
  readonly state: string;
  /** Why it waits; absent if Slurm gives no reason. */
  readonly reason?: string;
  /** Where it runs or ran; absent if it has not started. */
  readonly node?: string;
}

/** The states of tasks that have ended, and do not start again by themselves. */
const ENDED = new Set([
  ...['BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'DEADLINE', 'FAILED', 'NODE_FAIL', 'OUT_OF_MEMORY'],
  ...['PREEMPTED', 'REVOKED', 'TIMEOUT'],
]);

/** The states of tasks that wait until somebody releases them. */
const HELD = new Set(['REQUEUE_HOLD', 'RESV_DEL_HOLD', 'SPECIAL_EXIT']);

/** Whether a task waits, is held, or runs, so that its run must not be submitted again. */
export function isQueued(task: SlurmTask): boolean {
  return isHeld(task) || !statesOf(task).some((state) => ENDED.has(state)) || statesOf(task).includes('REQUEUED');
}

/** Whether a task is in the queue, but does not start until somebody releases it. */
export function isHeld(task: SlurmTask): boolean {
  const states = statesOf(task);
  // Such as 'JobHeldUser' and 'launch failed requeued held'.
  const waits = states.includes('PENDING') && /held/i.test(task.reason ?? '');
  return waits || states.some((state) => HELD.has(state));
}

/** Says which tasks are held, and how to release them. */
export function printHeld(tasks: readonly SlurmTask[], output: Output): void {
  if (tasks.length === 0) return;
  const ids = tasks.map(({ id }) => id).join(',');
  output.note(
    `Slurm holds tasks, which do not start by themselves. Release them: ${shellLine(['scontrol', 'release', ids])}`,
  );
}

/** The base state and the flags. */
function statesOf({ state }: SlurmTask): string[] {
  return state.split(',');
}

/**
 * Asks Slurm for the latest task of each run: `squeue` for those of the last minutes, and `sacct` for those before, if the
 * cluster keeps accounts.
 *
 * @param name the name of the job
 * @param since when the sweep was planned
 * @throws CliError `ENGINE` if Slurm is absent or does not answer
 */
export async function slurmTasks(name: string, since: Date): Promise<Map<number, SlurmTask>> {
  const queue = await engineCommand('squeue', [
    ...['--array', '--noheader', '--states=all', `--name=${name}`, '--format=%F|%K|%T|%r|%N'],
  ]);
  const accounts = await engineCommand('sacct', [
    ...['--allocations', '--noheader', '--parsable2', `--name=${name}`, '--format=JobID,State,NodeList'],
    // A day earlier, because Slurm reads it as local time.
    `--starttime=${new Date(since.getTime() - 86_400_000).toISOString().slice(0, 10)}`,
  ]).catch(() => '');
  return latestTasks([...parseAccounts(accounts), ...parseQueue(queue)]);
}

/** Parses lines of `squeue --format=%F|%K|%T|%r|%N`. */
export function parseQueue(text: string): SlurmTask[] {
  return text.split('\n').flatMap((line) => {
    const [job, index, state = '', reason, node] = line.trim().split('|');
    return /^\d+$/.test(index ?? '') ? [taskOf(`${job}_${index}`, state, { reason, node })] : [];
  });
}

/** Parses lines of `sacct --parsable2 --format=JobID,State,NodeList`. Skips tasks that wait, which `squeue` reports. */
export function parseAccounts(text: string): SlurmTask[] {
  return text.split('\n').flatMap((line) => {
    const [id = '', state = '', node] = line.trim().split('|');
    // 'CANCELLED by 1000'
    return /^\d+_\d+$/.test(id) ? [taskOf(id, state.split(' ')[0] as string, { node })] : [];
  });
}

function taskOf(
  id: string,
  state: string,
  { reason, node }: { readonly reason?: string | undefined; readonly node?: string | undefined },
): SlurmTask {
  const known = (text: string | undefined): text is string =>
    text !== undefined && !/^(|None|None assigned)$/.test(text);
  return {
    ...{ index: Number(id.split('_')[1]), id, state },
    ...(known(reason) && { reason }),
    ...(known(node) && { node }),
  };
}

/** The task with the highest job number by run; of equal ones the last. */
function latestTasks(tasks: readonly SlurmTask[]): Map<number, SlurmTask> {
  const latest = new Map<number, SlurmTask>();
  const job = ({ id }: SlurmTask) => Number(id.split('_')[0]);
  for (const task of tasks) {
    const before = latest.get(task.index);
    if (before === undefined || job(task) >= job(before)) latest.set(task.index, task);
  }
  return latest;
}
