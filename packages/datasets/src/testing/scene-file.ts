import h5wasm, { type Group } from 'h5wasm/node';

/** What {@link writeSceneFile} writes. */
export interface SceneFile {
  readonly layout: 'efficient-morl' | 'object-centric-library';
  /** Images of each split, or of all. */
  readonly size: number;
  readonly rows: number;
  readonly columns: number;
  /** Objects in an image are 1 to `objects`, in turn. */
  readonly objects: number;
  readonly splits?: readonly string[];
  /** Whether to write masks. @default true */
  readonly masks?: boolean;
  readonly compression?: 'gzip';
}

/** Channels of an image. */
const CHANNELS = 3;

/** The number of the object of a pixel: image i has 1 + i mod `objects` objects, in columns; the first row is background. */
export function objectAt({ objects, columns }: SceneFile, image: number, row: number, column: number): number {
  const count = 1 + (image % objects);
  return row === 0 ? 0 : 1 + Math.floor((column * count) / columns);
}

/** The value of a channel of a pixel. */
export const valueAt = (image: number, row: number, column: number, channel: number): number =>
  (31 * image + 7 * row + 3 * column + 50 * channel) % 256;

/** Writes images, masks and factors in the layout of a project that shares data sets as HDF5 files. */
export async function writeSceneFile(path: string, scene: SceneFile): Promise<void> {
  await h5wasm.ready;
  const { layout, size, rows, columns, objects, splits = ['train', 'test'], masks = true, compression } = scene;
  const file = new h5wasm.File(path, 'w');
  const write = (
    group: Pick<Group, 'create_dataset'>,
    name: string,
    shape: number[],
    data: Uint8Array | Float32Array,
  ) => group.create_dataset({ name, data, shape, ...(compression && { compression, chunks: [1, ...shape.slice(1)] }) });
  const each = (shape: readonly number[], value: (...index: number[]) => number) => {
    const bytes = new Uint8Array(shape.reduce((product, length) => product * length, 1));
    const index = shape.map(() => 0);
    for (let at = 0; at < bytes.length; at++) {
      let rest = at;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        index[axis] = rest % shape[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      bytes[at] = value(...index);
    }
    return bytes;
  };
  const images = [size, rows, columns, CHANNELS];
  const K = objects + 1;
  if (layout === 'efficient-morl') {
    for (const split of splits) {
      const group = file.create_group(split) as Group;
      const of = [size, K, rows, columns, 1];
      write(
        group,
        'imgs',
        images,
        each(images, (i, y, x, c) => valueAt(i!, y!, x!, c!)),
      );
      if (masks)
        write(
          group,
          'masks',
          of,
          each(of, (i, k, y, x) => 255 * Number(objectAt(scene, i!, y!, x!) === k)),
        );
      write(group, 'factors', [size, K, 4], new Uint8Array(size * K * 4));
    }
  } else {
    const of = [size, rows, columns, 1];
    write(
      file,
      'image',
      images,
      each(images, (i, y, x, c) => valueAt(i!, y!, x!, c!)),
    );
    if (masks)
      write(
        file,
        'mask',
        of,
        each(of, (i, y, x) => objectAt(scene, i!, y!, x!)),
      );
    write(
      file,
      'visibility',
      [size, K],
      each([size, K], (i, k) => Number(k! <= 1 + (i! % objects))),
    );
    write(
      file,
      'num_actual_objects',
      [size, 1],
      each([size, 1], (i) => 1 + (i! % objects)),
    );
    write(file, 'x', [size, K, 1], new Float32Array(size * K));
  }
  file.flush();
  file.close();
}
