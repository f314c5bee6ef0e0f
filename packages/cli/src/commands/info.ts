import { environment } from '@taggerjs/experiment/node';

import type { CommandModule } from 'yargs';

import type { CommandContext } from '../main';
import { backendOptions, setUpBackend, type BackendName } from '../run/backend';

interface InfoArguments {
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** `tagger info` */
export function infoCommand({ output }: CommandContext): CommandModule<object, InfoArguments> {
  return {
    command: 'info',
    describe: 'Say what this is, what it runs on and what was set up',
    builder: (yargs) =>
      yargs.options({
        ...backendOptions,
        json: { type: 'boolean', default: false, describe: 'Print JSON' },
      }) as never,
    async handler(args) {
      const facts = environment(await setUpBackend(args));
      if (args.json) output.print(JSON.stringify(facts, null, 2));
      else for (const [name, value] of Object.entries(facts)) output.print(`${name.padEnd(14)}${String(value)}`);
    },
  };
}
