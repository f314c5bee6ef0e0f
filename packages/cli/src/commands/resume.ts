import type { ResumeArguments } from '../actions/resume';
import type { CommandContext } from '../command-context';
import {
  anyBackendOption,
  jsonOption,
  precisionOption,
  quietOption,
  tensorboardOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger resume RUN` */
export function resumeCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('resume', context)
    .description('Continue a run that was stopped; the result is the same as without the stop')
    .argument('<run>', 'Folder of a run')
    .addOption(anyBackendOption('Backend (default: the backend of the run)'))
    .addOption(threadsOption())
    .addOption(precisionOption('that of the run'))
    .addOption(tensorboardOption())
    .addOption(quietOption())
    .addOption(jsonOption())
    .example('tagger resume runs/mine', 'after Ctrl-C, a crash or a power failure')
    .action(async (run: string, options: Omit<ResumeArguments, 'run'>) => {
      const { runResume } = await import('../actions/resume');
      await runResume({ run, ...options }, context);
    });
}
