import type { InfoArguments } from '../actions/info';
import type { CommandContext } from '../command-context';
import { backendOption, jsonOption, threadsOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger info` */
export function infoCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('info', context)
    .description('Show versions, the machine, and the backend in use')
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .example('tagger info --backend webgpu', 'the GPU that computes')
    .action(async (options: InfoArguments) => {
      const { runInfo } = await import('../actions/info');
      await runInfo(options, context);
    });
}
