import { colorOf, paintImage, paintMixture, paintSigned, paintState } from './paint';

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

describe('images in color', () => {
  // K = 2, P = 2, three channels next to each other
  const colors = {
    prediction: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0.2, 0.4, 2],
    assignment: [0.25, 1, 0.75, 0],
  };

  it('keep their colors', () => {
    const raster = paintImage([1, 0.2, 0, -1, 0.4, 2], 2);
    expect([0, 1].map((n) => pixel(raster, n))).toEqual([
      [255, 51, 0, 255],
      [0, 102, 255, 255],
    ]);
    expect(pixel(paintImage([0.2, 1], 2), 0)).toEqual([51, 51, 51, 255]);
  });

  it('are reconstructed by the predictions weighted by the assignments', () => {
    const raster = paintMixture(colors, [0, 1], 2);
    expect([0, 1].map((n) => pixel(raster, n))).toEqual([
      [64, 0, 191, 255],
      [0, 255, 0, 255],
    ]);
    // One group.
    expect(pixel(paintMixture(colors, [1], 2), 0)).toEqual([0, 0, 191, 255]);
  });

  it('blend the colors of the groups by m alone', () => {
    const raster = paintState(colors, 2, 'blend');
    const [first, second] = [rgb(colorOf(0)), rgb(colorOf(1))];
    expect(pixel(raster, 0)).toEqual([...first.map((part, c) => Math.round(0.25 * part + 0.75 * second[c]!)), 255]);
    expect(pixel(paintState(colors, 2, 'winner'), 0)).toEqual([...second, 255]);
  });

  it('have the mean modeling error of their channels', () => {
    expect(paintSigned([3, 0, -3, -1, -2, -3], 2, 2)).toEqual(paintSigned([0, -2], 2, 2));
  });
});
