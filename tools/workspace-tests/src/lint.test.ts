import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../../..');

/** An export that Nx, which reads imports even in strings, does not take for one of this file. */
const exportOf = (name: string) => ['export * from', `'${name}';\n`].join(' ');

const boundaries = ['@nx/enforce-module-boundaries'];
const nn = 'packages/nn/src/planted.ts';

/** Code by the file it is planted in, and the rules that it breaks. */
const plants: readonly [what: string, file: string, code: string, rules: readonly string[]][] = [
  ['an import from a layer above', nn, exportOf('@taggerjs/train'), boundaries],
  ['an import from the same layer', 'packages/ladder/src/planted.ts', exportOf('@taggerjs/noise'), boundaries],
  ['an import of a backend', 'packages/train/src/planted.ts', exportOf('@taggerjs/backend-wasm'), boundaries],
  ['a model in a backend', 'packages/backend-wasm/src/planted.ts', exportOf('@taggerjs/mapping'), boundaries],
  ["another package's files", 'packages/ladder/src/planted.ts', exportOf('../../nn/src/tree'), boundaries],
  [
    'imports from a layer below and of the shared matchers',
    'packages/ladder/src/planted.ts',
    exportOf('@taggerjs/nn') + exportOf('@taggerjs-tools/testing'),
    [],
  ],
  ['a backend on top of another', 'packages/backend-cuda/src/planted.ts', exportOf('@taggerjs/backend-tensorflow'), []],
  [
    'synchronous reads',
    nn,
    `export const read = (t: { dataSync(): unknown }) => t.dataSync();`,
    ['no-restricted-syntax'],
  ],
  [
    'instanceof of typed arrays',
    nn,
    `export const is = (a: unknown) => a instanceof Float32Array;`,
    ['no-restricted-syntax'],
  ],
  ['printing in a library', nn, `console.log(1);`, ['no-console']],
];

/** What ESLint finds in each; one process for all, because it takes seconds to start. */
const found = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { ESLint } from 'eslint';
       const eslint = new ESLint();
       const found = [];
       for (const [, filePath, code] of JSON.parse(process.argv[1])) {
         const [{ messages }] = await eslint.lintText(code, { filePath });
         found.push([...new Set(messages.map(({ ruleId }) => ruleId))]);
       }
       console.log(JSON.stringify(found));`,
      JSON.stringify(plants),
    ],
    { cwd: root, encoding: 'utf8' },
  ),
) as string[][];

test.each(plants.map(([what, , , rules], i) => [what, rules, found[i]] as const))('lint of %s', (_, rules, actual) => {
  expect(actual).toEqual(rules);
});
