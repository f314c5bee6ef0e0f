import { stat } from 'node:fs/promises';

import { openModel, type WhichCheckpoint } from '@taggerjs/experiment/node';
import { writeFileAtomic } from '@taggerjs/weights/node';
import { Option } from 'commander';

import type { CommandContext } from '../command-context';
import { backendOption, checkpointOption, jsonOption, threadsOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { requireWritable } from '../require-writable';
import { type BackendName, setUpBackend } from '../run/backend';

interface ExportArguments {
  run: string;
  out: string;
  dtype: 'float32' | 'float16';
  checkpoint?: WhichCheckpoint;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** `tagger export RUN|MODEL --out FILE` */
export function exportCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('export', context)
    .description('Write a model to one safetensors file, in float32 or float16')
    .argument('<run>', 'Folder of a run, or a model file')
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
    .action((run: string, options: Omit<ExportArguments, 'run'>) => runExport({ run, ...options }, context));
}

async function runExport(args: ExportArguments, { output }: CommandContext): Promise<void> {
  const { checkpoint } = args;
  await requireWritable(args.out);
  await setUpBackend(args);
  const { model, run } = await openModel(args.run, { checkpoint });
  const { parameterCount: parameters } = model;
  const metadata = run === undefined ? {} : { recipe: run.config.recipe.name };
  try {
    await writeFileAtomic(args.out, await model.save({ metadata, dtype: args.dtype }));
  } finally {
    model.dispose();
  }
  const { size: bytes } = await stat(args.out);
  if (args.json) output.print(JSON.stringify({ file: args.out, dtype: args.dtype, parameters, bytes }, null, 2));
  else {
    const megabytes = (bytes / 1e6).toFixed(2);
    output.print(`${args.out}: ${parameters.toLocaleString('en')} parameters as ${args.dtype}, ${megabytes} MB`);
  }
}
