import { environment } from '@taggerjs/experiment/node';

import type { CommandContext } from '../command-context';
import { backendOption, jsonOption, threadsOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { type BackendName, setUpBackend } from '../run/backend';

interface InfoArguments {
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** `tagger info` */
export function infoCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('info', context)
    .description('Show versions, the machine, and the backend in use')
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .example('tagger info --backend webgpu', 'the GPU that computes')
    .action((options: InfoArguments) => runInfo(options, context));
}

async function runInfo(args: InfoArguments, { output }: CommandContext): Promise<void> {
  const facts = environment(await setUpBackend(args));
  if (args.json) output.print(JSON.stringify(facts, null, 2));
  else for (const [name, value] of Object.entries(facts)) output.print(`${name.padEnd(14)}${String(value)}`);
}
