// Generates the page's images of textured digits, `samples/textures.npz`: `npm run playground:samples`.
import { rename, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { openDataset } from '@taggerjs/experiment/node';
import { getRecipe } from '@taggerjs/recipes';
import { encodeNpz, type NamedTensor } from '@taggerjs/weights';

import { TEXTURE_SAMPLES, TEXTURE_SIDE } from './images/textures';

const dataset = await openDataset(getRecipe('texture-mnist-2'), 'test');
const { inputs, segments } = await dataset.examples(Uint32Array.from({ length: TEXTURE_SAMPLES }, (_, i) => i));
const shape = [TEXTURE_SAMPLES, TEXTURE_SIDE, TEXTURE_SIDE];
const images = Uint8Array.from(inputs, (grey) => Math.round(255 * grey));
const arrays: [string, NamedTensor][] = [
  ['images', { dtype: 'U8', shape, data: images }],
  ['segments', { dtype: 'U8', shape, data: segments! }],
];
const file = fileURLToPath(new URL('../samples/textures.npz', import.meta.url));
await writeFile(`${file}.new`, encodeNpz(arrays, { compress: true }));
await rename(`${file}.new`, file);
console.log(`${file}: ${TEXTURE_SAMPLES} images, ${((await stat(file)).size / 1000).toFixed(0)} kB`);
