import { colorOf, paintState } from './paint';

// K = 2, N = 3
const state = { prediction: [1, 1, 0, 1, 1, 0], assignment: [0.9, 0.4, 0.5, 0.1, 0.6, 0.5] };
const rgb = (color: string) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const pixel = (raster: Uint8ClampedArray, n: number) => [...raster.subarray(4 * n, 4 * n + 4)];

describe('paintState', () => {
  it('blends the colors of the groups by m z', () => {
    const raster = paintState(state, 2, 'blend');
    const [first, second] = [rgb(colorOf(0)), rgb(colorOf(1))];
    expect(pixel(raster, 0)).toEqual([...first.map((part, c) => Math.round(0.9 * part + 0.1 * second[c]!)), 255]);
    expect(pixel(raster, 2)).toEqual([0, 0, 0, 255]);
  });

  it('draws the winning group in its full color, the first of equals, also where it predicts nothing', () => {
    const raster = paintState(state, 2, 'winner');
    expect([0, 1, 2].map((n) => pixel(raster, n))).toEqual([0, 1, 0].map((k) => [...rgb(colorOf(k)), 255]));
  });
});
