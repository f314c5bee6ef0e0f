import { multiDsprites, tetrominoes, type Dataset } from '@taggerjs/datasets';

import type { ColorData } from '../models/model-kinds';
import type { Image } from './drawing';

/** The test images of color data, with the rows and columns of a model's input shape. */
export function colorDataset(data: ColorData, [side]: readonly number[]): Dataset {
  return data === 'tetrominoes'
    ? tetrominoes({ split: 'test', side: side! })
    : multiDsprites({ split: 'test', side: side! });
}

/** The first images of a dataset. */
export async function firstImages(dataset: Dataset, count: number): Promise<Image[]> {
  const { inputs, segments } = await dataset.examples(Uint32Array.from({ length: count }, (_, i) => i));
  const [N, P] = [inputs.length / count, segments!.length / count];
  return Array.from({ length: count }, (_, i) => ({
    inputs: inputs.slice(i * N, (i + 1) * N),
    segments: segments!.slice(i * P, (i + 1) * P),
  }));
}
