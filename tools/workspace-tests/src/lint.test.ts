import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');

/** The names of the rules that ESLint says some code would break, were it in a file. */
function brokenRules(file: string, code: string): Promise<readonly string[]> {
  return new Promise((done, fail) => {
    const eslint = [
      join(root, 'node_modules/eslint/bin/eslint.js'),
      '--stdin',
      '--stdin-filename',
      file,
      '--format=json',
    ];
    const child = execFile(process.execPath, eslint, { cwd: root }, (_, stdout, stderr) => {
      if (stdout === '') return fail(new Error(stderr));
      const [result] = JSON.parse(stdout) as { messages: { ruleId: string }[] }[];
      done((result?.messages ?? []).map(({ ruleId }) => ruleId));
    });
    child.stdin?.end(code);
  });
}

/** Code that Nx, which reads imports even in strings, does not take for this file's own. */
const exportOf = (name: string) => ['export * from', `'${name}';\n`].join(' ');

const boundaries = '@nx/enforce-module-boundaries';

test.each([
  ['a package above', 'packages/nn/src/planted.ts', exportOf('@taggerjs/train')],
  ['a package of the same layer', 'packages/ladder/src/planted.ts', exportOf('@taggerjs/noise')],
  ['a backend', 'packages/train/src/planted.ts', exportOf('@taggerjs/backend-wasm')],
  ['a model, in a backend', 'packages/backend-wasm/src/planted.ts', exportOf('@taggerjs/mapping')],
  ["another package's files", 'packages/ladder/src/planted.ts', exportOf('../../nn/src/tree')],
])('lint forbids to import %s', async (_, file, code) => {
  expect(await brokenRules(file, code)).toContain(boundaries);
});

test('lint allows to import a package below, and to test with the shared matchers', async () => {
  const code = exportOf('@taggerjs/nn') + exportOf('@taggerjs-tools/testing');
  expect(await brokenRules('packages/ladder/src/planted.ts', code)).toEqual([]);
});

test.each([
  ['synchronous reads', `export const read = (t: { dataSync(): unknown }) => t.dataSync();`, 'no-restricted-syntax'],
  [
    'instanceof of typed arrays',
    `export const is = (a: unknown) => a instanceof Float32Array;`,
    'no-restricted-syntax',
  ],
  ['printing', `console.log(1);`, 'no-console'],
])('lint forbids %s in libraries', async (_, code, rule) => {
  expect(await brokenRules('packages/nn/src/planted.ts', code)).toEqual([rule]);
});
