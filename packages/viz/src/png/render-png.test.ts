import { decode } from 'fast-png';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { groupFigure } from '../figures/group-figure';
import { renderPng } from './render-png';

const svg = (content: string, width = 20, height = 10) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;

/** Returns a function that looks up the RGBA values of a pixel. */
function pixelsOf(png: Uint8Array): (x: number, y: number) => number[] {
  const { width, channels, data } = decode(png);
  expect(channels).toBe(4);
  return (x, y) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
}

/** The columns of the leftmost and the rightmost opaque pixel; undefined for a transparent image. */
function inked(png: Uint8Array): [number, number] | undefined {
  const { width, data } = decode(png);
  const columns: number[] = [];
  for (let n = 0; 4 * n < data.length; n++) if ((data[4 * n + 3] as number) > 128) columns.push(n % width);
  return columns.length === 0 ? undefined : [Math.min(...columns), Math.max(...columns)];
}

describe('renderPng', () => {
  it.each([
    [undefined, 40, 20],
    [{ scale: 1 }, 20, 10],
    [{ scale: 3.5 }, 70, 35],
    [{ width: 100 }, 100, 50],
  ])('with %j is %i x %i', async (options, width, height) => {
    const png = decode(await renderPng(svg(''), options));
    expect([png.width, png.height]).toEqual([width, height]);
  });

  it('draws the document', async () => {
    const at = pixelsOf(await renderPng(svg('<rect x="10" width="10" height="10" fill="#d55e00"/>'), { scale: 1 }));
    expect(at(15, 5)).toEqual([213, 94, 0, 255]);
    expect(at(5, 5)).toEqual([0, 0, 0, 0]);
  });

  it('draws a background', async () => {
    expect(pixelsOf(await renderPng(svg(''), { background: '#102030' }))(1, 1)).toEqual([16, 32, 48, 255]);
  });

  it('draws the elements of a panel with sharp edges', async () => {
    // One white element between black ones, each four units wide.
    const figure = groupFigure({
      inputShape: [1, 3],
      pixelSize: 4,
      examples: [{ input: [0, 1, 0], iterations: [] }],
      caption: false,
    });
    const [, x, y] = /<image x="(\d+)" y="(\d+)"/.exec(figure) ?? [];
    const at = pixelsOf(await renderPng(figure, { scale: 5 }));
    const row = Array.from({ length: 60 }, (_, column) => at(5 * Number(x) + column, 5 * Number(y) + 10)[0]);
    expect(row).toEqual([...new Array(20).fill(0), ...new Array(20).fill(255), ...new Array(20).fill(0)]);
  });

  it('draws text in Inter at its actual width', async () => {
    const png = await renderPng(svg('<text x="0" y="80" font-family="Inter" font-size="100">HHHH</text>', 400, 100), {
      scale: 1,
    });
    // Inter's H is 0.744 em wide and its stem starts at 0.07 em; other fonts differ clearly.
    const [left, right] = inked(png) ?? [0, 0];
    expect(left).toBeGreaterThan(5);
    expect(left).toBeLessThan(11);
    expect(right).toBeGreaterThan(286);
    expect(right).toBeLessThan(294);
  });

  it('draws all text in Inter on a machine without fonts', () => {
    // In a separate process, because the canvas library reads the variable when it loads.
    const script = `
      import { GlobalFonts } from '@napi-rs/canvas';
      import { renderPng } from ${JSON.stringify(join(__dirname, '../node.ts'))};
      const before = GlobalFonts.families.length;
      const text = (family) => renderPng('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100">' +
        '<text y="80" font-size="100" font-family="' + family + '">HHHH</text></svg>', { scale: 1 });
      const pngs = await Promise.all(['Inter', 'sans-serif', 'serif', 'monospace', 'system-ui'].map(text));
      console.log(JSON.stringify({ before, pngs: pngs.map((png) => Buffer.from(png).toString('base64')) }));
    `;
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      cwd: join(__dirname, '../..'),
      env: { ...process.env, DISABLE_SYSTEM_FONTS_LOAD: '1', NODE_OPTIONS: '' },
      encoding: 'utf8',
    });
    const { before, pngs } = JSON.parse(output) as { before: number; pngs: string[] };
    expect(before).toBe(0);
    expect(pngs).toHaveLength(5);
    expect(inked(Buffer.from(pngs[0] as string, 'base64'))).toBeDefined();
    expect(new Set(pngs).size).toBe(1);
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['broken markup', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g></svg>'],
    ['a document of no size', svg('', 0, 10)],
  ])('refuses %s', async (_, document) => {
    await expect(renderPng(document)).rejects.toMatchObject({ name: 'VizError', code: 'INVALID_SVG' });
  });

  it.each([
    [{ scale: 0 }],
    [{ scale: NaN }],
    [{ width: -1 }],
    [{ width: 10, scale: 1 }],
    [{ scale: 1e6 }],
    [{ background: 'nonsense' }],
  ])('refuses the options %j', async (options) => {
    await expect(renderPng(svg(''), options)).rejects.toMatchObject({ name: 'VizError', code: 'INVALID_OPTION' });
  });
});
