import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const tools = resolve(__dirname, '../../workspace');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'taggerjs-checks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a function of the tools returns for each of some modules, computed in one process. */
function askAll(module: string, call: string, extension: string, codes: readonly string[]): unknown[] {
  const files = codes.map((code, i) => {
    const file = join(folder, `${i}${extension}`);
    writeFileSync(file, code);
    return file;
  });
  const script = `
    import * as tool from '${pathToFileURL(join(tools, module)).href}';
    const answers = [];
    for (const file of ${JSON.stringify(files)}) answers.push(await tool.${call});
    console.log(JSON.stringify(answers));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(output) as unknown[];
}

test('tree shaking drops declarations and pure calls, and keeps side effects', () => {
  const dropped = [
    `import { a } from 'a'; export const f = () => a();`,
    `export class E extends Error { name = 'E'; }`,
    `import { a } from 'a'; export const x = /* @__PURE__ */ a({ b: [1] });`,
    `export const X = 2 ** 20, map = new Map(), names = ['a', 'b'];`,
  ];
  const kept = [
    `import { a } from 'a'; export const x = a();`,
    `globalThis.x = 1;`,
    `import { a } from 'a'; export const x = /* @__PURE__ */ a(a());`,
  ];
  const left = askAll('browser-bundle.mjs', 'leftAfterTreeShaking(file)', '.mjs', [...dropped, ...kept]);
  expect(left.slice(0, dropped.length)).toEqual(dropped.map(() => ''));
  expect(left.slice(dropped.length)).not.toContain('');
});

test('a docstring is missing from exports and their public members, unless inherited or on the constructor', () => {
  const incomplete = `
      export declare function bare(): void;
      /** Documented. */
      export declare class C {
        private p;
        #h;
        m(): void;
        /** Documented. */
        n: number;
        static s: number;
      }
      /** Documented. */
      export interface I {
        field: number;
        /** Documented. */
        other: number;
      }
      /** Documented. */
      export type T = { key: string };
      declare function inner(): void;
      export {};`;
  const complete = `
      /** Documented. */
      export interface I {
        /** Documented. */
        m(): void;
      }
      /** Documented. */
      export declare class C extends Error implements I {
        m(): void;
        name: string;
        code: string;
        /** @param code what went wrong */
        constructor(code: string);
      }`;
  expect(askAll('documentation.mjs', 'undocumentedExports([file])', '.d.ts', [incomplete, complete])).toEqual([
    ['C.m', 'C.s', 'I.field', 'T.key', 'bare'],
    [],
  ]);
});

test.each([
  ['nothing', `export const x = new Map();`, []],
  ['globals', `globalThis.planted = 1;`, ['globals']],
  ['listeners', `process.on('exit', () => {});`, ['listeners']],
  ['timers', `setInterval(() => {}, 1e6).unref;`, ['waitingFor']],
  ['output', `console.log('hello');`, ['prints hello']],
])('an import is seen to change %s', (_, code, expected) => {
  const file = join(folder, 'effects.mjs');
  writeFileSync(file, `${code}\nsetTimeout(() => process.exit(), 50).unref();`);
  const { stdout } = spawnSync(process.execPath, [join(tools, 'import-effects.mjs'), file], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual(expected);
});
