import { getRecipe, recipes } from '@taggerjs/recipes';

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
    .action((name: string | undefined, { json }: { readonly json: boolean }) => printRecipes(name, json, context));
}

function printRecipes(name: string | undefined, json: boolean, { output }: CommandContext): void {
  if (name !== undefined) output.print(JSON.stringify(getRecipe(name), null, 2));
  else if (json) output.print(JSON.stringify(recipes, null, 2));
  else {
    const width = Math.max(...Object.keys(recipes).map((key) => key.length)) + 2;
    for (const [key, { description }] of Object.entries(recipes)) output.print(`${key.padEnd(width)}${description}`);
  }
}
