import { getRecipe, recipes } from '@taggerjs/recipes';

import type { CommandContext } from '../command-context';

/** Lists the recipes, or prints one as JSON. */
export function printRecipes(name: string | undefined, json: boolean, { output }: CommandContext): void {
  if (name !== undefined) output.print(JSON.stringify(getRecipe(name), null, 2));
  else if (json) output.print(JSON.stringify(recipes, null, 2));
  else {
    const width = Math.max(...Object.keys(recipes).map((key) => key.length)) + 2;
    for (const [key, { description }] of Object.entries(recipes)) output.print(`${key.padEnd(width)}${description}`);
  }
}
