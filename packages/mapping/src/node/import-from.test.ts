import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-from-'));
  const files = {
    'own.mjs': 'export default "own";',
    'sub/node_modules/near/package.json': '{ "name": "near", "main": "main.cjs" }',
    'sub/node_modules/near/main.cjs': 'module.exports = "near";',
    'node_modules/@me/modern/package.json': JSON.stringify({
      name: '@me/modern',
      type: 'module',
      exports: { '.': { import: './index.js' }, './part': { require: './no.cjs', default: './part.js' } },
    }),
    'node_modules/@me/modern/index.js': 'export default "modern";',
    'node_modules/@me/modern/part.js': 'export default "part";',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** In a separate process, because Jest resolves `import()` differently. */
function imported(specifier: string, from: string): string {
  const program = `
    import { importFrom } from ${JSON.stringify(join(__dirname, 'import-from.ts'))};
    const { default: value } = await importFrom(${JSON.stringify(join(folder, from))})(${JSON.stringify(specifier)});
    console.log(typeof value === 'string' ? value : typeof value);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: __dirname });
  return stdout.trim() || stderr;
}

describe('importFrom', () => {
  it.each([
    ['a path', './own.mjs', '.', 'own'],
    ['a path above', '../own.mjs', 'sub', 'own'],
    ['a package next to it', 'near', 'sub', 'near'],
    ['a package above without a require condition', '@me/modern', 'sub', 'modern'],
    ['a part of a package', '@me/modern/part', '.', 'part'],
    ['a built-in module', 'node:path', '.', 'object'],
    ['a built-in module without node:', 'path', '.', 'object'],
    ['a dependency of this package', 'resolve.exports', '.', 'undefined'],
  ])('finds %s', (_what, specifier, from, value) => {
    expect(imported(specifier, from)).toBe(value);
  });

  it.each([
    ['near', '.', /Cannot find package 'near'/],
    ['@me/modern/hidden', '.', /"\.\/hidden"/],
    ['./nothing.mjs', '.', /Cannot find module/],
  ])('rejects %s as import() does', (specifier, from, message) => {
    expect(imported(specifier, from)).toMatch(message);
  });
});
