import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const script = resolve(__dirname, '../../workspace/cycles.mjs');
const manifest = (name: string) =>
  JSON.stringify({ name: `@taggerjs/${name}`, exports: { '.': { '@taggerjs/source': './src/index.ts' } } });

/** Runs the check in a workspace of packages `a` and `b` that has these files. */
function check(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'taggerjs-cycles-'));
  try {
    const all = {
      'package.json': '{}',
      'tools/none.ts': '',
      'packages/a/package.json': manifest('a'),
      'packages/b/package.json': manifest('b'),
      ...files,
    };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    mkdirSync(join(root, 'node_modules/@taggerjs'), { recursive: true });
    for (const name of ['a', 'b'])
      symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@taggerjs', name));
    const { status, stdout } = spawnSync(process.execPath, [script, root], { encoding: 'utf8', cwd: root });
    return { status, cycles: Number(/^\d+/.exec(stdout)?.[0]) };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** An import statement that tools which read imports in strings don't take for one of this file. */
const from = (what: string, module: string) => [what, 'from', `'${module}';\n`].join(' ');

test.each([
  ['two files', { 'packages/a/src/x.ts': from('export *', './y'), 'packages/a/src/y.ts': from('import { x }', './x') }],
  [
    'type imports alone',
    {
      'packages/a/src/x.ts': from('import type { Y }', './y') + 'export type X = Y;',
      'packages/a/src/y.ts': from('import type { X }', './x') + 'export type Y = X;',
    },
  ],
  [
    'two packages, by their source condition',
    {
      'packages/a/src/index.ts': from('import type { b }', '@taggerjs/b') + 'export const a = 1;',
      'packages/b/src/index.ts': from('import type { a }', '@taggerjs/a') + 'export const b = 1;',
    },
  ],
])('the cycle check finds a cycle of %s', (_, files) => {
  expect(check(files)).toEqual({ status: 1, cycles: 1 });
});

test('the cycle check accepts imports in one direction', () => {
  const files = {
    'packages/a/src/index.ts': from('import { x }', './x') + from('import type { b }', '@taggerjs/b'),
    'packages/a/src/x.ts': 'export const x = 1;',
    'packages/b/src/index.ts': 'export const b = 1;',
  };
  expect(check(files)).toEqual({ status: 0, cycles: 0 });
});
