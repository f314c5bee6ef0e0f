import type { CommandContext } from './command-context';
import { completionScript } from './command-line/completion';
import { TaggerCommand } from './command-line/tagger-command';
import { compareCommand } from './commands/compare';
import { convertCommand } from './commands/convert';
import { dataCommand } from './commands/data';
import { demoCommand } from './commands/demo';
import { evaluateCommand } from './commands/evaluate';
import { exportCommand } from './commands/export';
import { groupCommand } from './commands/group';
import { infoCommand } from './commands/info';
import { metricsCommand } from './commands/metrics';
import { parityCommand } from './commands/parity';
import { pretrainedCommand } from './commands/pretrained';
import { recipesCommand } from './commands/recipes';
import { resumeCommand } from './commands/resume';
import { showCommand } from './commands/show';
import { sweepCommand } from './commands/sweep';
import { trainCommand } from './commands/train';
import { VERSION } from './version';

/** The program `tagger`: all commands, in the order of its help text. */
export function createProgram(context: CommandContext): TaggerCommand {
  const program = new TaggerCommand('tagger', context)
    .description('Train Taggers, measure how they group, and look at the groups.')
    .version(VERSION, '--version', 'Show the version')
    // Commander's own help command does not report an unknown command.
    .helpCommand(false)
    // An option after the name of a command belongs to that command.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nResults go to standard output, progress and errors to standard error. Exit codes: 0 success, 1 failure,\n' +
        '2 mistake in the command line or a recipe, 130 stopped by Ctrl-C, 143 stopped by SIGTERM.',
    );
  const commands = [
    demoCommand,
    trainCommand,
    resumeCommand,
    evaluateCommand,
    showCommand,
    groupCommand,
    compareCommand,
    exportCommand,
    convertCommand,
    sweepCommand,
    metricsCommand,
    dataCommand,
    parityCommand,
    recipesCommand,
    pretrainedCommand,
    infoCommand,
  ];
  for (const command of commands) program.addCommand(command(context));
  return program
    .addCommand(
      new TaggerCommand('completion', context)
        .description('Print a completion script for bash and zsh')
        .example('tagger completion >> ~/.bashrc', 'or ~/.zshrc')
        .action(() => context.output.print(completionScript(program))),
    )
    .addCommand(
      new TaggerCommand('help', context)
        .description('Show help for a command')
        .argument('[command]', 'Name of a command')
        .action(async (name?: string) => {
          const command = name === undefined ? program : program.commands.find((command) => command.name() === name);
          if (command) command.outputHelp();
          // Reports the unknown command.
          else await program.parseAsync([name as string], { from: 'user' });
        }),
    );
}
