import { Option } from 'commander';

import type { ExportArguments } from '../actions/export';
import type { CommandContext } from '../command-context';
import { backendOption, checkpointOption, jsonOption, threadsOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger export RUN|MODEL --out FILE` */
export function exportCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('export', context)
    .description('Write a model to one safetensors file, in float32 or float16')
    .argument('<run>', 'Folder of a run, a model file, or a pretrained model such as pretrained:shapes')
    .requiredOption('--out <file>', 'File to write')
    .addOption(
      new Option('--dtype <type>', 'Type of the stored parameters; float16 halves the file')
        .choices(['float32', 'float16'])
        .default('float32'),
    )
    .addOption(checkpointOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .example('tagger export runs/mine --out mine.safetensors', 'a file for `tagger group` and loadTagger')
    .example('tagger export runs/mine --out small.safetensors --dtype float16', 'half the size')
    .example('tagger export runs/mine --out best.safetensors --checkpoint best', 'the best model of the run')
    .action(async (run: string, options: Omit<ExportArguments, 'run'>) => {
      const { runExport } = await import('../actions/export');
      await runExport({ run, ...options }, context);
    });
}
