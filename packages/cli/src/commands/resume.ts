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

import type { CommandModule } from 'yargs';

import type { CommandContext } from '../main';
import { BACKENDS, backendOptions, setUpBackend, type BackendName, type BackendSetup } from '../run/backend';
import { trainRun } from '../run/train-run';
import { tensorboardOption } from '../tracking/tensorboard-option';
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
export function resumeCommand(context: CommandContext): CommandModule<object, ResumeArguments> {
  return {
    command: 'resume <run>',
    describe: 'Go on with a training that was stopped, as if it never had been',
    builder: (yargs) =>
      yargs
        .positional('run', { type: 'string', demandOption: true, describe: 'Folder of a run' })
        .options({
          backend: { choices: BACKENDS, describe: "What computes [default: the run's]" },
          threads: backendOptions.threads,
          ...tensorboardOption,
          quiet: { type: 'boolean', default: false, describe: 'No progress' },
          json: { type: 'boolean', default: false, describe: 'Print the result as JSON' },
        })
        .example('$0 resume runs/mine', 'after Ctrl-C, a crash, or a loss of power') as never,
    handler: (args) => runResume(args, context),
  };
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
