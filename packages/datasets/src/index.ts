// The contract
export {
  IGNORED_SEGMENT,
  type Batch,
  type BatchOptions,
  type Dataset,
  type DatasetStatistics,
  type Examples,
} from './contract/dataset';
export type { Split } from './contract/split';
export { channelsOf } from './options';
export { DatasetError, type DatasetErrorCode } from './errors';

// Making datasets
export { inMemoryDataset, type InMemoryDatasetOptions } from './contract/in-memory-dataset';
export { createDataset, type DatasetSource, type ExampleData } from './contract/create-dataset';
export { subset, take, type ExampleRange } from './contract/subset';
export { balancedSubset, type BalancedSubsetOptions } from './contract/balanced-subset';

// Shapes
export { shapes, type ShapesOptions } from './shapes/shapes';
export {
  generateShapes,
  type GenerateShapesOptions,
  type ShapeImages,
  type ShapesImageOptions,
} from './shapes/generate-shapes';
export { SHAPE_BITMAPS, SHAPE_KINDS, type ShapeKind } from './shapes/shape-bitmaps';

// Textured MNIST
export { textureMnist, type TextureMnistOptions } from './texture-mnist/texture-mnist';
export { mnistSplit, type Digits, type Mnist } from './texture-mnist/mnist';
export { generateTextures, TEXTURE_FREQUENCIES, TEXTURE_SIZE } from './texture-mnist/textures';

// Re-creations of data sets in color
export { tetrominoes, type TetrominoesOptions } from './sprites/tetrominoes';
export { multiDsprites, type MultiDspritesOptions } from './sprites/multi-dsprites';
export { type SpriteColors } from './sprites/sprite-colors';

// Bytes of files
export { decodeIdx } from './files/decode-idx';
export { type DecodeFileOptions } from './files/decode-options';
export { decodePng, isPng, type DecodePngOptions, type PngImage } from './files/decode-png';
