import { getRecipe, overrideRecipe, RecipeError, recipes, type Recipe } from '@taggerjs/recipes';

const recipe: Recipe = overrideRecipe(getRecipe('shapes-quick'), { 'training.batchSize': 50 });
if (recipe.training.batchSize !== 50 || !('shapes-paper' in recipes)) throw new Error('not the recipe');
try {
  getRecipe('shape-quick');
  throw new Error('a name that is not known is an error');
} catch (error) {
  if (!(error instanceof RecipeError)) throw error;
}

console.log('ok');
