// Recipes by name
export { getRecipe, recipes } from './recipes';

// Recipes of one's own
export { parseRecipe } from './parse-recipe';
export { overrideRecipe } from './override-recipe';
export { recipeSchemaJson } from './recipe-schema-json';

// What a misspelt word means
export { closest } from './closest';

// What a recipe is
export type {
  CheckpointRecipe,
  ClassificationRecipe,
  ClassifierModelRecipe,
  ComponentRecipe,
  DataRecipe,
  DataSizesRecipe,
  EvaluationRecipe,
  FileDataRecipe,
  MnistDataRecipe,
  ModelRecipe,
  Recipe,
  ShapesDataRecipe,
  TaggerModelRecipe,
  TextureMnistDataRecipe,
  TrainingRecipe,
} from './recipe';
export type { Json } from './json';

// Errors
export { RecipeError, type RecipeErrorCode, type RecipeIssue } from './recipe-error';
