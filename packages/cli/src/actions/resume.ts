import { type BackendBefore, resumeRun } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import {
  type BackendChoice,
  type BackendName,
  BACKENDS,
  hasBfloat16,
  type Precision,
  PRECISIONS,
  setUpBackend,
} from '../run/backend';
import { reportTraining } from '../run/report-training';

/** Arguments and options of `tagger resume`. */
export interface ResumeArguments {
  run: string;
  backend?: BackendName;
  threads?: number;
  precision?: Precision;
  tensorboard?: string;
  quiet: boolean;
  json: boolean;
}

/** Runs `tagger resume`. */
export async function runResume(args: ResumeArguments, context: CommandContext): Promise<void> {
  await reportTraining(
    (signal) => resumeRun(args.run, { signal, backend: (before) => setUpBackend(backendOf(args, before)) }),
    args,
    context,
  );
}

/** The backend from the command line, otherwise the run's previous one. */
function backendOf({ backend, threads, precision }: ResumeArguments, before: BackendBefore): BackendChoice {
  const name = backend ?? BACKENDS.find((name) => name === before.name) ?? 'wasm';
  // The last bits of TensorFlow's matrix products depend on the number of threads. Ours do not.
  const same = name === 'tensorflow' && name === before.name ? before.threads : undefined;
  const kept = hasBfloat16(name) ? PRECISIONS.find((precision) => precision === before.precision) : undefined;
  return { backend: name, threads: threads ?? same, precision: precision ?? kept };
}
