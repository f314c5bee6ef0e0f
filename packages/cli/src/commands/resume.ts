import {
  datasetOf,
  latestCheckpoint,
  lockRun,
  openRunFolder,
  requireSameData,
  type RunInfo,
  runModelOf,
  transferAgain,
} from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import {
  anyBackendOption,
  jsonOption,
  quietOption,
  tensorboardOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { type BackendName, BACKENDS, type BackendSetup, setUpBackend } from '../run/backend';
import { trainRun } from '../run/train-run';
import { VERSION } from '../version';

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
    .description('Continue a training that was stopped; the result is the same as without the stop')
    .argument('<run>', 'Folder of a run')
    .addOption(anyBackendOption('Backend (default: the backend of the run)'))
    .addOption(threadsOption())
    .addOption(tensorboardOption())
    .addOption(quietOption())
    .addOption(jsonOption())
    .example('tagger resume runs/mine', 'after Ctrl-C, a crash, or a loss of power')
    .action((run: string, options: Omit<ResumeArguments, 'run'>) => runResume({ run, ...options }, context));
}

async function runResume(args: ResumeArguments, context: CommandContext): Promise<void> {
  const { output } = context;
  const run = await openRunFolder(args.run);
  const lock = await lockRun(run.path);
  try {
    if (await run.finished()) {
      if (args.json) output.print(JSON.stringify({ run: run.path, model: run.model, finished: true }, null, 2));
      else
        output.print(
          `'${args.run}' is trained to its end; there is nothing to go on with. Its model: ${run.model}. To train ` +
            `it further: tagger train <recipe> --from ${args.run}`,
        );
      return;
    }
    await requireSameData(args.run, run.config);
    await run.clean();
    const warn = (message: string) => output.error(`tagger: warning: ${message}`);
    const checkpoint = await latestCheckpoint(run.checkpoints, warn);
    if (!checkpoint) output.note(`'${args.run}' has no checkpoint yet: it begins anew.`);
    const records = checkpoint?.info.records ?? 0;
    const kept = await run.keepMetrics(records);
    if (kept < records) warn(`${records - kept} of the ${records} records of its metrics are lost.`);

    const { recipe, baseFolder, environment } = run.config;
    const used = checkpoint?.info.backend.name ?? environment['backend'];
    const name = args.backend ?? BACKENDS.find((name) => name === used) ?? 'wasm';
    // To TensorFlow's products the number of threads makes a difference in the last bits; to ours it makes none.
    const same = name === 'tensorflow' && name === used ? checkpoint?.info.backend.threads : undefined;
    const backend = await setUpBackend({ backend: name, threads: args.threads ?? same });
    if (checkpoint) warnOfDifferences(checkpoint.info, backend, warn);
    const dataset = await datasetOf(recipe, 'train', baseFolder);
    const model = await runModelOf(recipe, dataset, baseFolder);
    if (!checkpoint && run.config.from && model.tagger) await transferAgain(run.config.from, model.tagger);
    const { tensorboard, quiet, json } = args;
    const how = { run, model, dataset, backend, tensorboard, quiet, json };
    await trainRun(checkpoint ? { ...how, resume: checkpoint } : how, context);
  } finally {
    lock.release();
  }
}

/**
 * The backend, its kernels and the version may make a difference to the bits; beyond WebAssembly the library, the device and
 * the number of threads may, too, which stand in the description.
 */
function warnOfDifferences({ backend: then, version }: RunInfo, now: BackendSetup, warn: (text: string) => void): void {
  const differences: string[] = [];
  if (version !== VERSION) differences.push(`taggerjs ${version} then, ${VERSION} now`);
  if (then.name !== now.name) differences.push(`the backend ${then.name} then, ${now.name} now`);
  else if (String([...then.kernels].sort()) !== String([...now.kernels].sort())) {
    differences.push(`other kernels of the backend ${now.name} than then`);
  } else if (now.name !== 'wasm' && then.description !== undefined && then.description !== now.description) {
    differences.push(`${then.description} then, ${now.description} now`);
  }
  if (differences.length === 0) return;
  warn(`It computes with ${differences.join(' and ')}: results may differ in the last bits from an unbroken run's.`);
}
