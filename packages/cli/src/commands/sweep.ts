import { Option } from 'commander';

import type { SweepArguments } from '../actions/sweep';
import type { CommandContext } from '../command-context';
import { positiveNumber, wholeNumber } from '../command-line/numbers';
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
    .description('Train a recipe with several seeds and settings, one after another or in parallel')
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
    .addOption(new Option('--jobs <n>', 'Number of runs in parallel').argParser(wholeNumber()).default(1))
    .addOption(anyBackendOption('Backend (default: wasm, or the backend of the sweep)'))
    .addOption(threadsOption('Threads of each run (default: all cores / jobs)'))
    .addOption(precisionOption('float32, or that of the sweep'))
    .addOption(tensorboardOption())
    .addOption(jsonOption('Print the comparison as JSON'))
    .example('tagger sweep shapes-quick --seeds 0..19 --jobs 2', 'twenty seeds, two at a time')
    .example('tagger sweep shapes-quick --set training.batchSize=50,100', 'two settings, five seeds each')
    .example('tagger sweep texture-mnist-2-classify --from runs/mine', 'every run starts from one model')
    .example('tagger sweep sweeps/shapes-quick', 'continues a sweep that was stopped')
    .action(async (recipe: string, options: Omit<SweepArguments, 'recipe'>) => {
      const { runSweep } = await import('../actions/sweep');
      await runSweep({ recipe, ...options }, context);
    });
}
