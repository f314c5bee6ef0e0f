// Repeatedly kills a training, simulating a loss of power, and resumes it until it is finished.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

import { BIN } from './command';

/** Settings for a training that takes seconds, with a checkpoint at every step. */
export const TINY = [
  '--training.batchSize=4',
  '--data.sizes={"train":40,"validation":8,"test":8}',
  '--model.core.hiddenSize=12',
  '--model.core.mapping.sizes=[8,4]',
  '--training.ema.decay=0.9',
  '--training.clipNorm=1',
  '--evaluation.examples=4',
  '--evaluation.everySteps=20',
  '--evaluation.figureExamples=0',
  '--checkpoint.everySteps=1',
];

/** The result of {@link killAndResume}. */
export interface Killed {
  readonly kills: number;
  /** Number of kills aimed at the writing of a checkpoint. */
  readonly aimed: number;
  /** Number of kills that left an incomplete checkpoint. */
  readonly cut: number;
  /** Finished runs. */
  readonly runs: readonly string[];
}

/**
 * Trains in `folder` until `kills` processes have been killed, and then to the end. One third are killed while they write a
 * checkpoint, one third a few steps after their first, and one third at a random time after their start. If a run finishes
 * early, another one follows.
 */
export async function killAndResume(
  folder: string,
  {
    kills,
    steps,
    seed,
    name = 'killed',
    train = ['--threads=1'],
    resume = ['--threads=1'],
  }: {
    readonly kills: number;
    readonly steps: number;
    readonly seed: number;
    readonly name?: string;
    /** Backend options of `train`. */
    readonly train?: readonly string[];
    /** Backend options of `resume`. */
    readonly resume?: readonly string[];
  },
): Promise<Killed> {
  const random = generator(seed);
  let [done, aimed, cut] = [0, 0, 0];
  let startup = 1000;
  const runs: string[] = [];
  for (;;) {
    const run = `${name}-${runs.length}`;
    const checkpoints = join(folder, run, 'checkpoints');
    mkdirSync(checkpoints, { recursive: true });
    const begun = existsSync(join(folder, run, 'config.json'));
    const args = begun
      ? ['resume', run, ...resume, '--quiet']
      : ['train', 'shapes-quick', ...TINY, `--training.steps=${steps}`, ...train, '--quiet', '--out', run];
    const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const since = performance.now();
    const kill = () => void child.kill('SIGKILL');
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    const mode = done % 3;
    if (done < kills) {
      let left = 1 + random(3);
      if (mode === 0) {
        watchers.push(
          watch(checkpoints, (_type, file) => {
            if (file?.endsWith('.tmp') && --left === 0) kill();
          }),
        );
      } else if (mode === 1) {
        const delay = random(30);
        watchers.push(
          watch(join(folder, run), (_type, file) => {
            if (file !== 'metrics.jsonl' || --left !== 0) return;
            startup = performance.now() - since;
            timer = setTimeout(kill, delay);
          }),
        );
      } else timer = setTimeout(kill, random(Math.ceil(1.3 * startup)));
    }
    const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((ended) =>
      child.on('close', (code, signal) => ended({ code, signal })),
    );
    for (const watcher of watchers) watcher.close();
    clearTimeout(timer);
    if (signal === 'SIGKILL') {
      done++;
      if (mode === 0) aimed++;
      if (readdirSync(checkpoints).some((file) => file.endsWith('.tmp'))) cut++;
    } else if (code !== 0) throw new Error(`tagger ${args.join(' ')} ended with ${code ?? signal}:\n${stderr}`);
    else {
      // Only a kill before the first checkpoint causes a warning.
      if (/warning|damaged/.test(stderr.replace(/^.*no checkpoint yet.*$/m, '')))
        throw new Error(`unexpected: ${stderr}`);
      runs.push(run);
      if (done >= kills) return { kills: done, aimed, cut, runs };
    }
  }
}

/** Marsaglia's xorshift32. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
