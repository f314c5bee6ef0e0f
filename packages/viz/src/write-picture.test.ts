import { decode } from 'fast-png';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePng, writeSvg } from './write-picture';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>';

describe('writing pictures', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'viz-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes the SVG text, makes folders, leaves nothing else', async () => {
    await writeSvg(join(folder, 'a', 'b', 'figure.svg'), SVG);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['figure.svg']);
    expect(await readFile(join(folder, 'a', 'b', 'figure.svg'), 'utf8')).toBe(SVG);
  });

  it('writes a PNG', async () => {
    await writePng(join(folder, 'figure.png'), SVG, { width: 60 });
    const png = decode(await readFile(join(folder, 'figure.png')));
    expect([png.width, png.height]).toEqual([60, 30]);
  });

  it('takes the place of the file that is there', async () => {
    await writeFile(join(folder, 'figure.svg'), 'old');
    await writeSvg(join(folder, 'figure.svg'), SVG);
    expect(await readFile(join(folder, 'figure.svg'), 'utf8')).toBe(SVG);
  });

  it('leaves no file when it cannot write, and says why', async () => {
    await mkdir(join(folder, 'figure.svg'));
    await expect(writeSvg(join(folder, 'figure.svg'), SVG)).rejects.toMatchObject({
      name: 'VizError',
      code: 'WRITE_FAILED',
      cause: expect.objectContaining({ code: expect.any(String) }),
    });
    expect(await readdir(folder)).toEqual(['figure.svg']);
  });

  it('says where no folder can be made, and comes back', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeSvg(join(folder, 'file', 'a', 'figure.svg'), SVG)).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringMatching(/figure\.svg: The folder '.*a' cannot be made: ENOTDIR/),
    });
    const path = '/proc/x/figure.svg';
    if (existsSync('/proc/self')) await expect(writeSvg(path, SVG)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });

  it('leaves the old picture when the new one cannot be rendered', async () => {
    await writeFile(join(folder, 'figure.png'), 'old');
    await expect(writePng(join(folder, 'figure.png'), 'no svg')).rejects.toMatchObject({ code: 'INVALID_SVG' });
    expect(await readFile(join(folder, 'figure.png'), 'utf8')).toBe('old');
  });
});
