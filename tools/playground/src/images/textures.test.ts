import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openDataset } from '@taggerjs/experiment/node';
import { getRecipe } from '@taggerjs/recipes';
import { encodeNpz } from '@taggerjs/weights';

import { decodeTextures, TEXTURE_SAMPLES } from './textures';

const file = new Uint8Array(readFileSync(join(__dirname, '../../samples/textures.npz')));

describe('decodeTextures', () => {
  it('returns the first test images of TextureMNIST2, rounded to bytes, and their segments', async () => {
    const images = decodeTextures(file);
    expect(images).toHaveLength(TEXTURE_SAMPLES);
    const dataset = await openDataset(getRecipe('texture-mnist-2'), 'test');
    const { inputs, segments } = await dataset.examples(images.map((_, i) => i));
    const N = 28 * 28;
    for (const [i, image] of images.entries()) {
      const exact = inputs.subarray(i * N, (i + 1) * N);
      const off = image.inputs.reduce((most, value, n) => Math.max(most, Math.abs(value - exact[n]!)), 0);
      expect(off).toBeLessThan(0.51 / 255);
      expect(image.segments).toEqual(segments!.subarray(i * N, (i + 1) * N));
    }
  });

  it('refuses other files', async () => {
    const chunks: Uint8Array[] = [];
    const array = { dtype: 'U8' as const, shape: [1, 28, 28], data: new Uint8Array(784) };
    for await (const chunk of encodeNpz([['images', array]])) chunks.push(chunk);
    expect(() => decodeTextures(new Uint8Array(Buffer.concat(chunks)))).toThrow();
    expect(() => decodeTextures(new Uint8Array(30))).toThrow();
  });
});
