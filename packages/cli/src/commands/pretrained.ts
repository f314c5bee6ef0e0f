import type { CommandContext } from '../command-context';
import { jsonOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger pretrained [NAME]` */
export function pretrainedCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('pretrained', context)
    .description('List the pretrained models, or print the model card of one')
    .argument('[name]', 'Name of a pretrained model')
    .addOption(jsonOption('Print the model cards as JSON'))
    .example('tagger pretrained', 'names, sizes and scores')
    .example('tagger pretrained shapes', 'how it was trained, and what it reaches')
    .action(async (name: string | undefined, { json }: { readonly json: boolean }) => {
      const { printPretrained } = await import('../actions/pretrained');
      printPretrained(name, json, context);
    });
}
