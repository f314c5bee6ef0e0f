import type { Rgb } from './color';
import { paintGroups, paintInput, paintPrediction, paintSegments, paintWinners } from './raster';

const COLORS: readonly Rgb[] = [
  [200, 0, 100],
  [0, 250, 50],
];

describe('paintInput', () => {
  it('draws the range from black to white, and clips values outside it', () => {
    expect([...paintInput([-1, 0, 1, 2, 9], [0, 2])]).toEqual([
      0, 0, 0, 0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255,
    ]);
  });

  it('draws three channels in their colors, and the mean of any other number in gray', () => {
    expect([...paintInput([0, 1, 2, 2, 1, 0], [0, 2], 3)]).toEqual([0, 128, 255, 255, 128, 0]);
    expect([...paintInput([0, 1, 1, 1], [0, 1], 2)]).toEqual([128, 128, 128, 255, 255, 255]);
  });

  it('inverts a descending range', () => {
    expect([...paintInput([0, 1], [1, 0])]).toEqual([255, 255, 255, 0, 0, 0]);
  });
});

describe('paintGroups', () => {
  // K = 2, N = 2
  const iteration = { prediction: [1, 0.5, 1, 1], assignment: [0.5, 1, 0.5, 0] };

  it('draws color_k m_k z_k for one group', () => {
    expect([...paintGroups(iteration, 2, [0], COLORS, [0, 1])]).toEqual([100, 0, 50, 100, 0, 50]);
    expect([...paintGroups(iteration, 2, [1], COLORS, [0, 1])]).toEqual([0, 125, 25, 0, 0, 0]);
  });

  it('draws the sum over groups', () => {
    expect([...paintGroups(iteration, 2, [0, 1], COLORS, [0, 1])]).toEqual([100, 125, 75, 100, 0, 50]);
  });

  it('measures predictions from the black end of the range, and clips them', () => {
    const wide = { prediction: [-1, 5], assignment: [1, 1] };
    expect([...paintGroups(wide, 2, [0], COLORS, [-1, 1])]).toEqual([0, 0, 0, 200, 0, 100]);
  });
});

describe('paintPrediction', () => {
  it("draws m_k z_k in the prediction's colors", () => {
    // K = 2, P = 2, C = 3
    const iteration = { prediction: [0, 0, 0, 0, 0, 0, 1, 0, 0.2, 1, 1, 0], assignment: [0, 0.5, 1, 0.5] };
    expect([...paintPrediction(iteration, { size: 2, channels: 3 }, 1, [0, 1])]).toEqual([255, 0, 51, 128, 128, 0]);
  });
});

describe('paintWinners', () => {
  it('draws the full color of the largest assignment, the first of equals', () => {
    // K = 2, N = 3
    const assignment = [0.4, 0.51, 0.5, 0.6, 0.49, 0.5];
    expect([...paintWinners(assignment, 3, COLORS)]).toEqual([0, 250, 50, 200, 0, 100, 200, 0, 100]);
  });
});

describe('paintSegments', () => {
  it('colors segments and ignored elements', () => {
    expect([...paintSegments([0, 255], new Map([[0, [1, 2, 3] as const]]), [7, 8, 9])]).toEqual([1, 2, 3, 7, 8, 9]);
  });
});
