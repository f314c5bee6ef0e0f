import { readGolden } from '@taggerjs-tools/testing';

import { generateTextures, TEXTURE_FREQUENCIES, TEXTURE_SIZE } from './textures';

const golden = readGolden<{ size: number; frequencies: [number, number][] }>('textures');
const textures = generateTextures();

/** Power of a texture at a frequency: the square of its discrete Fourier transform's coefficient. */
function power(texture: Float32Array, u: number, v: number): number {
  let [real, imaginary] = [0, 0];
  for (const [at, value] of texture.entries()) {
    const angle = (-2 * Math.PI * (u * Math.floor(at / golden.size) + v * (at % golden.size))) / golden.size;
    real += value * Math.cos(angle);
    imaginary += value * Math.sin(angle);
  }
  return real ** 2 + imaginary ** 2;
}

it('has the frequencies and the size of the golden file', () => {
  expect(TEXTURE_SIZE).toBe(golden.size);
  expect(TEXTURE_FREQUENCIES).toEqual(golden.frequencies);
  expect(textures.map(({ length }) => length)).toEqual(golden.frequencies.map(() => golden.size ** 2));
});

it.each(golden.frequencies.map((frequency, i) => [...frequency, i] as const))(
  'has all the power of frequency (%p, %p) there, and runs from 0 to 1',
  (u, v, i) => {
    const texture = textures[i]!;
    expect([Math.min(...texture), Math.max(...texture)]).toEqual([0, 1]);
    const mean = texture.reduce((sum, value) => sum + value, 0) / texture.length;
    const total = texture.reduce((sum, value) => sum + (value - mean) ** 2, 0) * texture.length;
    // A real wave has half of it there, half at the opposite frequency, by Parseval's theorem.
    expect(power(texture, u, v) / total).toBeCloseTo(0.5, 5);
    const opposite = [(golden.size - u) % golden.size, (golden.size - v) % golden.size] as const;
    expect(power(texture, ...opposite) / total).toBeCloseTo(0.5, 5);
  },
);

it('depends on the seed in its phases alone', () => {
  expect(generateTextures(0)).toEqual(textures);
  const other = generateTextures(1);
  for (const [i, [u, v]] of golden.frequencies.entries()) {
    expect(other[i]).not.toEqual(textures[i]);
    const energy = (texture: Float32Array) => power(texture, u, v) / texture.reduce((sum, x) => sum + x * x, 0);
    expect(energy(other[i]!)).toBeGreaterThan(50);
  }
});
