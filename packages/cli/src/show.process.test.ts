// The command as users run it: pictures and the report of a run.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { decode } from 'fast-png';

import { openSession } from './testing/command-session';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-show-'));
  const trained = await tagger(
    'train',
    'shapes-quick',
    '--out=run',
    '--threads=1',
    '--training.steps=12',
    '--training.batchSize=10',
    '--model.core.hiddenSize=16',
    '--model.core.mapping.sizes=[8]',
    '--evaluation.examples=30',
    '--data.sizes.train=100',
    '--data.sizes.validation=30',
    '--data.sizes.test=40',
  );
  expect(trained).toMatchObject({ code: 0 });
});
const session = openSession(() => folder);
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});
const { tagger } = session;

const show = (...args: string[]) => tagger('show', 'run', '--threads=1', ...args);

describe('tagger show', () => {
  it('draws the selected examples', async () => {
    const { code, stdout } = await show('--select', '3,17', '--out', 'groups');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'groups.svg\ngroups.png\n' });
    const bySeed = [];
    for (const seed of ['1', '1', '2']) {
      await show('--select=random', '--examples=2', '--seed', seed, '--out', 'random');
      bySeed.push(await readFile(join(folder, 'random.svg'), 'utf8'));
    }
    expect(bySeed[0]).toBe(bySeed[1]);
    expect(bySeed[0]).not.toBe(bySeed[2]);
  });

  it('writes a report to one file', async () => {
    const { code, stdout, stderr } = await show('--report', '--select', '5,6', '--of', '20');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'run/report.html\n', stderr: '' });
    const report = await readFile(join(folder, 'run', 'report.html'), 'utf8');
    expect(report).toContain('iteration by iteration: test 5, test 6"');
    expect(report).toContain('20 examples of &#39;shapes&#39; (test)');
    expect(report).toContain('<h2>Best, median, worst</h2>');
    expect(report).toMatch(/<dt>Steps<\/dt><dd>12<\/dd>/);
  });

  it('writes the figures of a report to a new folder', async () => {
    const { code, stdout } = await show('--report', '--of=9', '--examples=2', '--figures=a/b', '--json');
    expect(code).toBe(0);
    const { report, figures } = JSON.parse(stdout) as { report: string; figures: string[] };
    expect(report).toMatch(/run\/report\.html$/);
    const names = [...(await readFile(report, 'utf8')).matchAll(/<figure data-name="([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(expect.arrayContaining(['groups', 'best', 'median', 'worst', 'ami-spread']));
    expect(figures).toEqual(names.flatMap((name) => [`a/b/${name}.svg`, `a/b/${name}.png`]));
    expect((await readdir(join(folder, 'a', 'b'))).sort()).toEqual(figures.map((path) => basename(path)).sort());
    for (const name of names) {
      const svg = await readFile(join(folder, `a/b/${name}.svg`), 'utf8');
      const [, width, height] = /width="([^"]+)" height="([^"]+)"/.exec(svg)!.map(Number);
      // A PNG file starts with its size.
      const png = await readFile(join(folder, `a/b/${name}.png`));
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Math.round(3 * width!), Math.round(3 * height!)]);
    }
    const { data } = decode(await readFile(join(folder, 'a/b/ami-spread.png')));
    expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    expect(data.some((value, i) => i % 4 < 3 && value < 100)).toBe(true);
  });

  it('writes a report to another path', async () => {
    expect(await show('--report', '--of', '10', '--out', 'mine')).toMatchObject({ code: 0, stdout: 'mine.html\n' });
    expect((await stat(join(folder, 'mine.html'))).size).toBeGreaterThan(10_000);
  });
});
