// The contract
export type { Batch, BatchOptions, Dataset, DatasetStatistics, Examples } from './dataset';
export { DatasetError, type DatasetErrorCode } from './errors';

// Making datasets
export { inMemoryDataset, type InMemoryDatasetOptions } from './in-memory-dataset';
export { createDataset, type DatasetSource, type ExampleData } from './create-dataset';
export { subset, take, type ExampleRange } from './subset';
export { balancedSubset, type BalancedSubsetOptions } from './balanced-subset';

// Shapes
export { shapes, type ShapesOptions, type Split } from './shapes';
export {
  generateShapes,
  IGNORED_SEGMENT,
  type GenerateShapesOptions,
  type ShapeImages,
  type ShapesImageOptions,
} from './generate-shapes';
export { SHAPE_BITMAPS, SHAPE_KINDS, type ShapeKind } from './shape-bitmaps';
