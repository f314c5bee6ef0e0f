import { stat } from 'node:fs/promises';

import { loadModel } from '@taggerjs/experiment/node';
import { saveTaggerFile } from '@taggerjs/tagger/node';
import type { CommandModule } from 'yargs';

import type { CommandContext } from '../main';
import { requireWritable } from '../require-writable';
import { backendOptions, setUpBackend, type BackendName } from '../run/backend';
import { checkpointOption, parseCheckpoint } from '../run/checkpoint-option';

interface ExportArguments {
  run: string;
  out: string;
  dtype: 'float32' | 'float16';
  checkpoint?: string;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** `tagger export RUN|MODEL --out FILE` */
export function exportCommand({ output }: CommandContext): CommandModule<object, ExportArguments> {
  return {
    command: 'export <run>',
    describe: 'Write a model as one safetensors file, in float32 or float16',
    builder: (yargs) =>
      yargs
        .positional('run', { type: 'string', demandOption: true, describe: 'Folder of a run, or a model file' })
        .options({
          out: { type: 'string', demandOption: true, describe: 'The file to write' },
          dtype: {
            choices: ['float32', 'float16'] as const,
            default: 'float32',
            describe: 'How parameters are stored; float16 halves the file',
          },
          ...checkpointOption,
          ...backendOptions,
          json: { type: 'boolean', default: false, describe: 'Print JSON' },
        })
        .example('$0 export runs/mine --out mine.safetensors', 'all that `group` and loadTagger need')
        .example('$0 export runs/mine --out small.safetensors --dtype float16', 'half the size')
        .example('$0 export runs/mine --out best.safetensors --checkpoint best', 'the best model of the run') as never,
    async handler(args) {
      const checkpoint = parseCheckpoint(args.checkpoint);
      await requireWritable(args.out);
      await setUpBackend(args);
      const { tagger, run } = await loadModel(args.run, { checkpoint });
      const metadata = run === undefined ? {} : { recipe: run.config.recipe.name };
      const parameters = Object.values(tagger.parameters()).reduce((sum, { size }) => sum + size, 0);
      try {
        await saveTaggerFile(tagger, args.out, { metadata, dtype: args.dtype });
      } finally {
        tagger.dispose();
      }
      const { size: bytes } = await stat(args.out);
      if (args.json) output.print(JSON.stringify({ file: args.out, dtype: args.dtype, parameters, bytes }, null, 2));
      else {
        const megabytes = (bytes / 1e6).toFixed(2);
        output.print(`${args.out}: ${parameters.toLocaleString('en')} parameters as ${args.dtype}, ${megabytes} MB`);
      }
    },
  };
}
