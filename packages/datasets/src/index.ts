// The contract
export type { Batch, BatchOptions, Dataset, DatasetStatistics, Examples } from './dataset';
export type { Split } from './split';
export { DatasetError, type DatasetErrorCode } from './errors';

// Making datasets
export { inMemoryDataset, type InMemoryDatasetOptions } from './in-memory-dataset';
export { createDataset, type DatasetSource, type ExampleData } from './create-dataset';
export { subset, take, type ExampleRange } from './subset';
export { balancedSubset, type BalancedSubsetOptions } from './balanced-subset';

// Shapes
export { shapes, type ShapesOptions } from './shapes';
export {
  generateShapes,
  IGNORED_SEGMENT,
  type GenerateShapesOptions,
  type ShapeImages,
  type ShapesImageOptions,
} from './generate-shapes';
export { SHAPE_BITMAPS, SHAPE_KINDS, type ShapeKind } from './shape-bitmaps';

// Textured MNIST
export { textureMnist, type Digits, type TextureMnistOptions } from './texture-mnist';
export { mnistSplit, type Mnist } from './mnist';
export { generateTextures, TEXTURE_FREQUENCIES, TEXTURE_SIZE } from './textures';

// Bytes of files
export { decodeIdx, type DecodeFileOptions } from './decode-idx';
export { decodePng, isPng, type DecodePngOptions, type GreyImage } from './decode-png';
