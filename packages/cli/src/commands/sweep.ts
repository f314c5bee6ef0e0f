import { Option } from 'commander';

import type { SweepArguments } from '../actions/sweep';
import type { CommandContext } from '../command-context';
import { indexNumber, positiveNumber, wholeNumber } from '../command-line/numbers';
import {
  anyBackendOption,
  jsonOption,
  precisionOption,
  tensorboardOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger sweep RECIPE|SWEEP` */
export function sweepCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('sweep', context)
    .description('Train a recipe with several seeds and settings, on this machine, on Slurm or on Kubernetes')
    .argument('<recipe>', 'Name of a recipe, a JSON file, or the folder of a sweep to continue')
    .option('--seeds <seeds>', 'Seeds, such as 0..19 or 0,3,7 (default: 0..4)')
    .option('--data <path>', 'Your own data: a file or a folder')
    .option('--from <model>', 'Start every run with the weights of a run, a model file or a pretrained model')
    .addOption(new Option('--steps <n>', 'Training steps; short for --set training.steps=N').argParser(wholeNumber()))
    .addOption(
      new Option('--minutes <n>', 'Time limit of each run; short for --set training.maxMinutes=N').argParser(
        positiveNumber,
      ),
    )
    .recipeValues('PATH=A,B: values of the recipe; the sweep trains every combination')
    .option('--out <folder>', 'Folder of the sweep (default: sweeps/<recipe>)')
    .addOption(
      new Option('--engine <name>', 'What runs the sweep (default: local)').choices(['local', 'slurm', 'kubernetes']),
    )
    .addOption(new Option('--dry-run', 'Write the plan and the specification of the job, and print how to submit it'))
    .addOption(
      new Option('--index <n>', 'Start or resume only this run of a planned sweep, from 0').argParser(indexNumber),
    )
    .addOption(new Option('--status', 'Print the state of every run of a sweep'))
    .addOption(
      new Option('--jobs <n>', 'Number of runs in parallel (default: 1 here, all on a cluster)').argParser(
        wholeNumber(),
      ),
    )
    .addOption(anyBackendOption('Backend (default: wasm, or the backend of the sweep)'))
    .addOption(threadsOption('Threads of each run here (default: all cores / jobs)'))
    .addOption(precisionOption('float32, or that of the sweep'))
    .addOption(tensorboardOption())
    .addOption(new Option('--cpus <n>', 'Clusters: CPUs and threads of each run (default: 1)').argParser(wholeNumber()))
    .option('--memory <size>', 'Clusters: memory of each run, such as 4G')
    .option(
      '--time <limit>',
      'Slurm: time limit, such as 90 or 12:00:00; a run that reaches it continues in a new task',
    )
    .option('--partition <name>', 'Slurm: partition')
    .option('--account <name>', 'Slurm: account')
    .option('--slurm-lines <file>', 'Slurm: file with more lines for the script, such as #SBATCH options')
    .option('--image <name>', 'Kubernetes: container image of the tagger command')
    .option('--volume-claim <name>', "Kubernetes: persistent volume claim that contains the sweep's folder")
    .option('--volume-path <folder>', 'Kubernetes: where the volume is, here and in pods (default: the parent folder)')
    .addOption(jsonOption('Print the result as JSON'))
    .example('tagger sweep shapes-quick --seeds 0..19 --jobs 2', 'twenty seeds, two at a time')
    .example('tagger sweep shapes-quick --set training.batchSize=50,100', 'two settings, five seeds each')
    .example('tagger sweep texture-mnist-2-classify --from runs/mine', 'every run starts from one model')
    .example('tagger sweep sweeps/shapes-quick', 'continues a sweep that was stopped')
    .example('tagger sweep shapes --engine slurm --time 12:00:00 --cpus 4', 'a Slurm job array')
    .example('tagger sweep sweeps/shapes --status', 'the state of every run')
    .action(async (recipe: string, options: Omit<SweepArguments, 'recipe'>) => {
      const { runSweep } = await import('../actions/sweep');
      await runSweep({ recipe, ...options }, context);
    });
}
