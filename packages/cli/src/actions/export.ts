import { stat } from 'node:fs/promises';

import type { WhichCheckpoint } from '@taggerjs/experiment/node';
import { writeFileAtomic } from '@taggerjs/weights/node';

import type { CommandContext } from '../command-context';
import { requireWritable } from '../require-writable';
import { type BackendName, setUpBackend } from '../run/backend';
import { openAnyModel } from '../run/trained-model';

/** Arguments and options of `tagger export`. */
export interface ExportArguments {
  run: string;
  out: string;
  dtype: 'float32' | 'float16';
  checkpoint?: WhichCheckpoint;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** Runs `tagger export`. */
export async function runExport(args: ExportArguments, { output }: CommandContext): Promise<void> {
  const { checkpoint } = args;
  await requireWritable(args.out);
  await setUpBackend(args);
  const { model, recipe } = await openAnyModel(args.run, { checkpoint });
  const { parameterCount: parameters } = model;
  const metadata = recipe === undefined ? {} : { recipe: recipe.name };
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
