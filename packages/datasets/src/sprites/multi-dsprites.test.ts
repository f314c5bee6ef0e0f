import { multiDsprites, type MultiDspritesOptions } from './multi-dsprites';
import { coverageOf, SPRITE_KINDS } from './sprite-shapes';

const indices = Array.from({ length: 60 }, (_, i) => i);
const read = (options: Omit<MultiDspritesOptions, 'split'> = {}, which = indices) =>
  multiDsprites({ split: 'test', ...options }).examples(which);

const highest = (segments: Uint8Array) => segments.reduce((most, segment) => Math.max(most, segment));

describe('a sprite', () => {
  const SIDE = 64;
  /** Pixels of a sprite, by their centers. */
  function pixels(sprite: Parameters<typeof coverageOf>[0]): [number, number][] {
    const covers = coverageOf(sprite);
    return Array.from({ length: SIDE * SIDE }, (_, i): [number, number] => [
      (i % SIDE) + 0.5,
      Math.floor(i / SIDE) + 0.5,
    ]).filter(([x, y]) => covers(x, y));
  }

  it.each(SPRITE_KINDS)('%s lies within 16 pixels of its center, and is smaller at a smaller scale', (kind) => {
    const at = { kind, x: 32, y: 32, orientation: 0.1 };
    const large = pixels({ ...at, scale: 1 });
    for (const [x, y] of large) expect(Math.hypot(x - 32, y - 32)).toBeLessThan(16);
    // Half the scale, a quarter of the area.
    expect(pixels({ ...at, scale: 0.5 }).length / large.length).toBeCloseTo(0.25, 1);
    expect(large.length).toBeGreaterThan(250);
  });

  it('turns counterclockwise: a heart on its side has its point on the right', () => {
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const heart = (orientation: number) => pixels({ kind: 'heart', x: 32, y: 32, scale: 1, orientation });
    const width = (points: [number, number][], axis: 0 | 1, side: 1 | -1) =>
      points.filter((point) => side * (point[axis] - 32) > 8).length;
    // Upright: few pixels at the bottom, where its point is; many at the top.
    expect(width(heart(0), 1, 1)).toBeLessThan(width(heart(0), 1, -1) / 2);
    expect(width(heart(0.25), 0, 1)).toBeLessThan(width(heart(0.25), 0, -1) / 2);
    expect(mean(heart(0).map(([x]) => x))).toBeCloseTo(32, 1);
  });
});

describe('an image', () => {
  it('has one color for the background and for each sprite, and 1 to 4 sprites', async () => {
    const { inputs, segments, background } = await read();
    const counts = new Set<number>();
    for (const image of indices) {
      const colors = new Map<number, string>();
      for (let i = image * 4096; i < (image + 1) * 4096; i++) {
        const color = String([...inputs.subarray(3 * i, 3 * i + 3)]);
        const known = colors.get(segments![i]!);
        if (known === undefined) colors.set(segments![i]!, color);
        else if (known !== color) throw new Error(`two colors in segment ${segments![i]} of image ${image}`);
      }
      counts.add(Math.max(...colors.keys()));
    }
    expect([...counts].sort()).toEqual([1, 2, 3, 4]);
    expect(background).toEqual(segments!.map((segment) => Number(segment === 0)));
  });

  it('reduced is the mean of blocks, and its segments are those that cover most', async () => {
    const which = indices.slice(0, 4);
    const [whole, small] = await Promise.all([read({}, which), read({ side: 32 }, which)]);
    for (let pixel = 0; pixel < which.length * 1024; pixel++) {
      const [image, row, column] = [Math.floor(pixel / 1024), Math.floor((pixel % 1024) / 32), pixel % 32];
      const block = [0, 1, 64, 65].map((offset) => image * 4096 + 128 * row + 2 * column + offset);
      for (let channel = 0; channel < 3; channel++) {
        const mean = block.reduce((sum, at) => sum + whole.inputs[3 * at + channel]!, 0) / 4;
        expect(Math.abs(small.inputs[3 * pixel + channel]! - mean)).toBeLessThan(1e-6);
      }
      const own = block.map((at) => whole.segments![at]!);
      const covered = own.filter((segment) => segment > 0);
      if (covered.length < 2) expect(small.segments![pixel]).toBe(0);
      else expect(covered).toContain(small.segments![pixel]);
      if (new Set(own).size === 1) expect(small.segments![pixel]).toBe(own[0]);
    }
  });

  it.each([64, 32, 16, 8])('binary with a side of %i is 1 exactly on its two or three sprites', async (side) => {
    const { inputs, segments } = await read({ colors: 'binary', side });
    expect(Float32Array.from(segments!, (segment) => Number(segment > 0))).toEqual(inputs);
    expect(highest(segments!)).toBe(3);
    expect(multiDsprites({ split: 'test', colors: 'binary', side }).inputShape).toEqual([side, side]);
  });

  it('has as many sprites as asked, drawn like those of other options', async () => {
    const { segments } = await read({ sprites: [6, 6], colors: 'gray' });
    expect(highest(segments!)).toBe(6);
    const [rgb, gray] = await Promise.all([read(), read({ colors: 'gray' })]);
    expect(gray.segments).toEqual(rgb.segments);
  });

  it('depends only on seed, split, options and index', async () => {
    const both = await read({}, [7, 3]);
    const alone = await read({ size: 4 }, [3]);
    expect(both.inputs.subarray(3 * 4096)).toEqual(alone.inputs);
    expect((await read({ seed: 1 }, [3])).inputs).not.toEqual(alone.inputs);
  });
});

it.each([
  ['split', { split: 'all' }],
  ['size', { split: 'test', size: 0 }],
  ['side', { split: 'test', side: 48 }],
  ['colors', { split: 'test', colors: 'hsv' }],
  ['sprites', { split: 'test', sprites: 3 }],
  ['sprites', { split: 'test', sprites: [3] }],
  ['sprites', { split: 'test', sprites: [3, 2] }],
  ['sprites', { split: 'test', sprites: [1, 17] }],
])('refuses a bad %s', (option, options) => {
  expect(() => multiDsprites(options as MultiDspritesOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(option) }),
  );
});
