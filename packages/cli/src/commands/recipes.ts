import { getRecipe, recipes } from '@taggerjs/recipes';
import type { CommandModule } from 'yargs';

import type { CommandContext } from '../main';

interface RecipesArguments {
  name?: string;
  json: boolean;
}

/** `tagger recipes [NAME]` */
export function recipesCommand({ output }: CommandContext): CommandModule<object, RecipesArguments> {
  return {
    command: 'recipes [name]',
    describe: 'List the recipes, or print one as JSON to start your own from',
    builder: (yargs) =>
      yargs
        .positional('name', { type: 'string', describe: 'Name of a recipe' })
        .option('json', { type: 'boolean', default: false, describe: 'Print all as JSON' })
        .example('$0 recipes', 'names and what they are')
        .example('$0 recipes shapes-quick > mine.json', "a recipe of one's own") as never,
    handler({ name, json }) {
      if (name !== undefined) output.print(JSON.stringify(getRecipe(name), null, 2));
      else if (json) output.print(JSON.stringify(recipes, null, 2));
      else {
        const width = Math.max(...Object.keys(recipes).map((key) => key.length)) + 2;
        for (const [key, { description }] of Object.entries(recipes))
          output.print(`${key.padEnd(width)}${description}`);
      }
    },
  };
}
