import { type BackendBefore, resumeRun } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import {
  anyBackendOption,
  jsonOption,
  quietOption,
  tensorboardOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { type BackendChoice, type BackendName, BACKENDS, setUpBackend } from '../run/backend';
import { reportTraining } from '../run/report-training';

interface ResumeArguments {
  run: string;
  backend?: BackendName;
  threads?: number;
  tensorboard?: string;
  quiet: boolean;
  json: boolean;
}

/** `tagger resume RUN` */
export function resumeCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('resume', context)
    .description('Continue a run that was stopped; the result is the same as without the stop')
    .argument('<run>', 'Folder of a run')
    .addOption(anyBackendOption('Backend (default: the backend of the run)'))
    .addOption(threadsOption())
    .addOption(tensorboardOption())
    .addOption(quietOption())
    .addOption(jsonOption())
    .example('tagger resume runs/mine', 'after Ctrl-C, a crash or a power failure')
    .action((run: string, options: Omit<ResumeArguments, 'run'>) => runResume({ run, ...options }, context));
}

async function runResume(args: ResumeArguments, context: CommandContext): Promise<void> {
  await reportTraining(
    (signal) => resumeRun(args.run, { signal, backend: (before) => setUpBackend(backendOf(args, before)) }),
    args,
    context,
  );
}

/** The backend from the command line, otherwise the run's previous one. */
function backendOf({ backend, threads }: ResumeArguments, before: BackendBefore): BackendChoice {
  const name = backend ?? BACKENDS.find((name) => name === before.name) ?? 'wasm';
  // The last bits of TensorFlow's matrix products depend on the number of threads. Ours do not.
  const same = name === 'tensorflow' && name === before.name ? before.threads : undefined;
  return { backend: name, threads: threads ?? same };
}
