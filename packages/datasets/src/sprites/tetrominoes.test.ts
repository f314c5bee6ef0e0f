import { TETROMINOES } from './tetromino-cells';
import { tetrominoes, type TetrominoesOptions } from './tetrominoes';

const SIDE = 35;
const PIXELS = SIDE * SIDE;
const COUNT = 100;

const read = (options: Omit<TetrominoesOptions, 'split'> = {}, indices = Array.from({ length: COUNT }, (_, i) => i)) =>
  tetrominoes({ split: 'test', ...options }).examples(indices);

/** The pixels of a segment of an image, as [row, column]. */
function pixelsOf(segments: Uint8Array, image: number, segment: number): [number, number][] {
  const own = segments.subarray(image * PIXELS, (image + 1) * PIXELS);
  return [...own.keys()].filter((i) => own[i] === segment).map((i) => [Math.floor(i / SIDE), i % SIDE]);
}

describe('the tetrominoes', () => {
  it('are the 19 that differ by more than a shift: one, two or four orientations of each of the seven', () => {
    const counts: Record<string, number> = {};
    for (const { name } of TETROMINOES) counts[name[0]!] = (counts[name[0]!] ?? 0) + 1;
    expect(counts).toEqual({ I: 2, O: 1, T: 4, S: 2, Z: 2, J: 4, L: 4 });
    expect(new Set(TETROMINOES.map(({ cells }) => cells.map(String).sort().join(' '))).size).toBe(19);
    for (const { cells, height, width } of TETROMINOES) {
      expect([Math.min(...cells.map(([row]) => row)), Math.min(...cells.map(([, column]) => column))]).toEqual([0, 0]);
      expect([Math.max(...cells.map(([row]) => row)), Math.max(...cells.map(([, column]) => column))]).toEqual([
        height - 1,
        width - 1,
      ]);
    }
  });
});

describe('an image', () => {
  it('has three whole tetrominoes of one color each, on black', async () => {
    const { inputs, segments, background } = await read();
    const seen = new Set<string>();
    const colors = new Set<string>();
    for (let image = 0; image < COUNT; image++) {
      for (const segment of [1, 2, 3]) {
        const pixels = pixelsOf(segments!, image, segment);
        const [top, left] = [Math.min(...pixels.map(([row]) => row)), Math.min(...pixels.map(([, column]) => column))];
        const cells = new Set(pixels.map(([y, x]) => `${Math.floor((y - top) / 5)},${Math.floor((x - left) / 5)}`));
        const kind = TETROMINOES.find(({ cells: own }) => own.every((cell) => cells.has(String(cell))));
        expect([pixels.length, cells.size, kind !== undefined]).toEqual([100, 4, true]);
        const values = new Set(
          pixels.map(([y, x]) => {
            const at = 3 * (image * PIXELS + y * SIDE + x);
            return String([...inputs.subarray(at, at + 3)]);
          }),
        );
        expect(values.size).toBe(1);
        seen.add(kind!.name);
        for (const color of values) colors.add(color);
      }
    }
    expect(seen.size).toBe(19);
    expect([...colors].sort()).toEqual(['0,0,1', '0,1,0', '0,1,1', '1,0,0', '1,0,1', '1,1,0']);
    expect(background).toEqual(segments!.map((segment) => Number(segment === 0)));
    const onBackground = inputs.filter((_, at) => background![Math.floor(at / 3)] === 1);
    expect(onBackground.every((value) => value === 0)).toBe(true);
  });

  it.each([14, 21, 28])('with a side of %i has tetrominoes of four smaller cells', async (side) => {
    const { inputs, segments } = await read({ side }, [0, 1, 2]);
    expect(inputs).toHaveLength(3 * side * side * 3);
    for (const segment of [1, 2, 3]) {
      const first = segments!.subarray(0, side * side).filter((value) => value === segment);
      expect(first).toHaveLength(4 * (side / 7) ** 2);
    }
  });

  it('reaches every edge', async () => {
    const { segments } = await read(
      {},
      Array.from({ length: 500 }, (_, i) => i),
    );
    const touched = [0, 0, 0, 0];
    segments!.forEach((segment, i) => {
      const [row, column] = [Math.floor((i % PIXELS) / SIDE), i % SIDE];
      if (segment === 0) return;
      [row === 0, row === SIDE - 1, column === 0, column === SIDE - 1].forEach((edge, e) => {
        if (edge) touched[e]! += 1;
      });
    });
    for (const count of touched) expect(count).toBeGreaterThan(25);
  });

  it('depends only on seed, split and index', async () => {
    const both = await read({}, [7, 3]);
    const alone = await read({ size: 4 }, [3]);
    expect(both.inputs.subarray(3 * PIXELS)).toEqual(alone.inputs);
    expect((await read({ seed: 1 }, [3])).inputs).not.toEqual(alone.inputs);
    expect((await tetrominoes({ split: 'train' }).examples([3])).inputs).not.toEqual(alone.inputs);
  });

  it('in gray has the gray values of its colors, and in binary ones', async () => {
    const [rgb, gray, binary] = await Promise.all(
      (['rgb', 'gray', 'binary'] as const).map((colors) => read({ colors }, [0, 1, 2])),
    );
    const grays = gray!.inputs.map((_, i) => {
      const [red, green, blue] = rgb!.inputs.subarray(3 * i, 3 * i + 3);
      return 0.299 * red! + 0.587 * green! + 0.114 * blue!;
    });
    expect(gray!.inputs).toEqual(grays);
    expect(binary!.inputs).toEqual(Float32Array.from(rgb!.background!, (value) => 1 - value));
    expect(gray!.segments).toEqual(rgb!.segments);
    expect(tetrominoes({ split: 'test', colors: 'gray' }).inputShape).toEqual([35, 35]);
  });
});

it.each([
  ['split', { split: 'all' }],
  ['size', { split: 'test', size: 0 }],
  ['side', { split: 'test', side: 20 }],
  ['colors', { split: 'test', colors: 'hsv' }],
])('refuses a bad %s', (option, options) => {
  expect(() => tetrominoes(options as TetrominoesOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(option) }),
  );
});
