import { environment } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import { type BackendName, setUpBackend } from '../run/backend';

/** Arguments and options of `tagger info`. */
export interface InfoArguments {
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** Runs `tagger info`. */
export async function runInfo(args: InfoArguments, { output }: CommandContext): Promise<void> {
  const facts = environment(await setUpBackend(args));
  if (args.json) output.print(JSON.stringify(facts, null, 2));
  else for (const [name, value] of Object.entries(facts)) output.print(`${name.padEnd(14)}${String(value)}`);
}
