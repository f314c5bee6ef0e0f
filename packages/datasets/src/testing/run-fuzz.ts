import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What became of the damaged files of one kind. */
export interface FuzzResult {
  readonly kind: string;
  readonly seed: number;
  readonly mutants: number;
  /** How many were read, and how many refused with each code. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly slowest: { readonly index: number; readonly milliseconds: number };
  /** By how much the memory of the process grew, at its peak. */
  readonly grownMiB: number;
}

/** Seconds on one file after which a reader is taken to hang. */
const PATIENCE = 120;

/**
 * Feeds damaged files to a reader in a process of its own, which is watched: a crash, an error that is not typed, or a file
 * on which it does not go on is an error that names the kind, the seed and the number of the file.
 */
export async function runFuzz(kind: string, mutants: number, seed: number): Promise<FuzzResult> {
  const folder = await mkdtemp(join(tmpdir(), 'taggerjs-fuzz-run-'));
  const progress = join(folder, 'progress');
  const words = [kind, String(mutants), String(seed), progress];
  const child = spawn(
    process.execPath,
    ['--conditions=@taggerjs/source', '--import', 'tsx', 'src/testing/fuzz-run.ts', ...words],
    { cwd: resolve(__dirname, '../..'), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  let [seen, since, hung] = ['', Date.now(), false];
  const watch = setInterval(async () => {
    const now = await readFile(progress, 'utf8').catch(() => '');
    if (now !== seen) [seen, since] = [now, Date.now()];
    else if (Date.now() - since > 1000 * PATIENCE) {
      hung = true;
      child.kill('SIGKILL');
    }
  }, 1000);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(watch);
  const at = (await readFile(progress, 'utf8').catch(() => '')).trim();
  await rm(folder, { recursive: true, force: true });
  if (hung) throw new Error(`${kind}, seed ${seed}: mutant ${at} takes more than ${PATIENCE} seconds.`);
  if (code !== 0) throw new Error(`${kind}, seed ${seed}: ended with ${code} at mutant ${at}.\n${stderr.slice(-4000)}`);
  return JSON.parse(stdout) as FuzzResult;
}
