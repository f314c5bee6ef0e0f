import { Option } from 'commander';

import type { DemoArguments } from '../actions/demo';
import type { CommandContext } from '../command-context';
import { wholeNumber } from '../command-line/numbers';
import {
  backendOption,
  examplesOption,
  jsonOption,
  seedOption,
  threadsOption,
  viewOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import type { BackendChoice } from '../run/backend';

/** `tagger demo [RUN|pretrained:NAME]` */
export function demoCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('demo', context)
    .description('Group new images with a trained model: measure the AMI and draw the groups')
    .argument('[model]', 'A pretrained model, or the folder of a run on generated data', 'pretrained:shapes')
    .addOption(examplesOption('Number of images to draw').default(8))
    .addOption(new Option('--of <n>', 'Number of images to measure').argParser(wholeNumber()).default(100))
    .addOption(seedOption('Seed of the images, to repeat them (default: random)'))
    .addOption(viewOption('winner'))
    .option('--out <path>', 'Where to draw, with or without ending', 'demo')
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .example('tagger demo', 'new images of Shapes; writes demo.svg and demo.png')
    .example('tagger demo --view blend', 'blended colors, also where groups are undecided')
    .example('tagger demo pretrained:texture-mnist-2', 'textured digits')
    .action(async (model: string, options: Omit<DemoArguments, 'model'> & BackendChoice) => {
      const { runDemo } = await import('../actions/demo');
      const { setUpBackend } = await import('../run/backend');
      await runDemo({ model, ...options }, context.output, () => setUpBackend(options));
    });
}
