import { join } from 'node:path';

import { openPage, type BrowserPage } from './open-page';
import type * as program from './testing/program';

type Program = typeof program;

const entry = join(__dirname, 'testing/program.ts');

describe.each(['page', 'worker'] as const)('a program in a %s', (place) => {
  let page: BrowserPage<Program>;
  beforeAll(async () => {
    page = await openPage<Program>({ entry, in: place, files: { '/sources/': join(__dirname, 'testing') } });
  });
  afterAll(() => page?.close());

  it('runs there', async () => {
    expect(await page.call('isWorker')).toBe(place === 'worker');
  });

  it('receives parameters and returns results', async () => {
    expect(await page.call('add', 2, 3)).toBe(5);
    const values = { list: [1, null, 'a', true], odd: [NaN, Infinity, -0], bits: new Float32Array([0.1, NaN]) };
    expect(await page.call('same', values)).toEqual(values);
  });

  it('rejects the call if the function throws', async () => {
    await expect(page.call('fail', 'out of range')).rejects.toThrow(/RangeError: out of range/);
  });

  it.each(['logError', 'rejectUnhandled', 'throwLater'] as const)('fails after %s', async (name) => {
    await expect(page.call(name, `the reason of ${name}`)).rejects.toThrow(`the reason of ${name}`);
    expect(await page.call('add', 1, 1)).toBe(2);
  });

  it('records the console', async () => {
    await page.call('warn', 'take care');
    expect(page.console).toContain('warning: take care');
  });

  it('fetches served files, and fails for all others', async () => {
    expect(await page.call('fetchText', '/sources/broken-program.ts')).toMatch(/broken from the start/);
    await expect(page.call('fetchText', '/nothing')).rejects.toThrow(/404/);
    await expect(page.call('fetchText', '/sources/..%2fserve.ts')).rejects.toThrow(/404/);
  });

  it('starts workers', async () => {
    expect(await page.call('postFromNestedWorker')).toBe('nested');
  });
});

it.each(['page', 'worker'] as const)('a %s is isolated on request', async (place) => {
  for (const isolated of [false, true]) {
    const page = await openPage<Program>({ entry, in: place, isolated });
    expect(await page.call('isIsolated')).toBe(isolated);
    await page.close();
  }
});

it.each(['page', 'worker'] as const)('openPage rejects if a program in a %s fails while loading', async (place) => {
  const broken = join(__dirname, 'testing/broken-program.ts');
  await expect(openPage({ entry: broken, in: place })).rejects.toThrow(/broken from the start/);
});

it('close throws errors reported after the last call', async () => {
  const page = await openPage<Program>({ entry });
  await page.page.evaluate(() => console.error('late'));
  await expect(page.close()).rejects.toThrow(/late/);
});

it('expected errors are not thrown', async () => {
  const page = await openPage<Program>({ entry, expectedErrors: /expected/ });
  await page.call('logError', 'as expected');
  await expect(page.call('logError', 'another')).rejects.toThrow(/another/);
  await page.close();
});
