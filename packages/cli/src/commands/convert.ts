import type { ConvertArguments } from '../actions/convert';
import type { CommandContext } from '../command-context';
import { backendOption, jsonOption, threadsOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger convert FILE.npz --recipe RECIPE --out FILE` */
export function convertCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('convert', context)
    .description('Convert a model of the original project, its trained_params.npz, to a model file')
    .argument('<file>', 'The trained_params.npz')
    .requiredOption(
      '--recipe <recipe>',
      'Recipe with what the file lacks: noise, groups, iterations, first prediction, inputs; a name or a JSON file',
    )
    .requiredOption('--out <file>', 'Model file to write')
    .option('--calibrate', 'Measure the statistics of batch normalization with one pass over the training data')
    .option('--data <path>', 'Your own data instead of the data in the recipe: a file or a folder')
    .addOption(backendOption())
    .addOption(threadsOption())
    .recipeValues('Any value of the recipe; short form: --model.groups 3')
    .addOption(jsonOption())
    .example('tagger convert trained_params.npz --recipe shapes-paper --out shapes.safetensors', 'then: tagger group')
    .example(
      'tagger convert trained_params.npz --recipe shapes-paper --model.groups 3 --out shapes.safetensors',
      'with another value of the recipe',
    )
    .action(async (file: string, options: Omit<ConvertArguments, 'file'>) => {
      const { runConvert } = await import('../actions/convert');
      await runConvert({ file, ...options }, context);
    });
}
