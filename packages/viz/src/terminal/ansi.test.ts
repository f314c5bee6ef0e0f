import { xtermIndex } from './ansi';

describe('xtermIndex', () => {
  it.each([
    [[0, 0, 0], 16],
    [[255, 255, 255], 231],
    [[255, 0, 0], 196],
    [[95, 135, 175], 67],
    [[120, 121, 119], 243],
    [[8, 8, 8], 232],
    [[238, 238, 238], 255],
  ] as const)('%j is color %i', (color, index) => {
    expect(xtermIndex(color)).toBe(index);
  });
});
