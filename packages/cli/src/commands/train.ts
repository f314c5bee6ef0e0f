import { Option } from 'commander';

import type { TrainArguments } from '../actions/train';
import type { CommandContext } from '../command-context';
import { positiveNumber, wholeNumber } from '../command-line/numbers';
import {
  backendOption,
  jsonOption,
  precisionOption,
  quietOption,
  seedOption,
  tensorboardOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger train RECIPE|FILE` */
export function trainCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('train', context)
    .description('Train a model from a recipe, and keep the run in a folder')
    .argument('<recipe>', 'Name of a recipe, or a JSON file')
    .option('--data <path>', 'Your own data: a file (.npz, .npy, .h5, IDX) or a folder (PNG)')
    .option(
      '--from <model>',
      'Start with the weights of a run, a model file or a pretrained model; layers it lacks are initialized',
    )
    .option('--out <folder>', 'Folder of the run (default: runs/<recipe>-<time>)')
    .addOption(new Option('--steps <n>', 'Training steps; short for --training.steps').argParser(wholeNumber()))
    .addOption(new Option('--minutes <n>', 'Time limit; short for --training.maxMinutes').argParser(positiveNumber))
    .addOption(seedOption('Seed of everything random; short for --training.seed'))
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(precisionOption('float32'))
    .recipeValues('Any value of the recipe; short form: --training.batchSize 50')
    .addOption(tensorboardOption())
    .addOption(quietOption())
    .addOption(jsonOption())
    .example('tagger train shapes-quick', 'about five minutes on two cores')
    .example('tagger train shapes --minutes 60 --seed 2', 'another seed, an hour')
    .example('tagger train shapes-quick --training.batchSize 50', 'any value of the recipe')
    .example('tagger train my-recipe.json --out runs/mine', 'your own recipe')
    .example('tagger train shapes --tensorboard logs/shapes', 'then: tensorboard --logdir logs')
    .example('tagger train texture-mnist-2-classify --from runs/mine', 'continues from a run, with layers on top')
    .example('tagger train shapes-quick --data mine.npz --data.threshold 0.5', 'your own data')
    .action(async (recipe: string, options: Omit<TrainArguments, 'recipe'>) => {
      const { runTrain } = await import('../actions/train');
      await runTrain({ recipe, ...options }, context);
    });
}
