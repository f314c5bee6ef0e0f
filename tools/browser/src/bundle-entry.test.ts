import { join } from 'node:path';

import { bundleEntry } from './bundle-entry';

describe('bundleEntry', () => {
  it('bundles TypeScript', async () => {
    const code = await bundleEntry(join(__dirname, 'testing/program.ts'), 'page');
    expect(code).toMatch(/globalThis\.call/);
    expect(code).not.toMatch(/^import |a: number/m);
  });

  it('refuses programs that cannot be bundled', async () => {
    await expect(bundleEntry('/nowhere/program.ts', 'page')).rejects.toThrow();
    await expect(bundleEntry(join(__dirname, 'serve.ts'), 'page')).rejects.toThrow();
  });
});
