import type { CommandContext } from '../command-context';
import { jsonOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger recipes [NAME]` */
export function recipesCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('recipes', context)
    .description('List the recipes, or print one as JSON to start your own from')
    .argument('[name]', 'Name of a recipe')
    .addOption(jsonOption('Print all recipes as JSON'))
    .example('tagger recipes', 'names and descriptions')
    .example('tagger recipes shapes-quick > mine.json', 'the start of your own recipe')
    .action(async (name: string | undefined, { json }: { readonly json: boolean }) => {
      const { printRecipes } = await import('../actions/recipes');
      await printRecipes(name, json, context);
    });
}
