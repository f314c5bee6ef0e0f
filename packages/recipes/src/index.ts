// Built-in recipes
export { getRecipe, recipes } from './recipes';

// Custom recipes
export { parseRecipe } from './parse-recipe';
export { overrideRecipe } from './override-recipe';
export { recipeSchemaJson } from './recipe-schema-json';

// Types of a recipe
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
  MultiDspritesDataRecipe,
  Recipe,
  ShapesDataRecipe,
  TaggerModelRecipe,
  TetrominoesDataRecipe,
  TextureMnistDataRecipe,
  TrainingRecipe,
} from './recipe';
export type { Json } from './json';

// Errors
export { RecipeError, type RecipeErrorCode, type RecipeIssue } from './recipe-error';
