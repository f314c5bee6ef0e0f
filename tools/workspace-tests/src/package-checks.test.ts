import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const tools = resolve(__dirname, '../../workspace');
const run = promisify(execFile);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'taggerjs-checks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file, and what one of the tools says about it. */
async function ask(module: string, call: string, file: string, code: string): Promise<unknown> {
  const path = join(folder, file);
  writeFileSync(path, code);
  const url = pathToFileURL(join(tools, module)).href;
  const script = `import * as tool from '${url}'; console.log(JSON.stringify(await tool.${call}));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script.replaceAll('FILE', path)]);
  return JSON.parse(stdout);
}

const left = (code: string) => ask('browser-bundle.mjs', `leftAfterTreeShaking('FILE')`, 'module.mjs', code);
const undocumented = (code: string) => ask('documentation.mjs', `undocumentedExports(['FILE'])`, 'index.d.ts', code);

describe('what a bundler keeps of a module of which nothing is used', () => {
  test.each([
    ['a function', `import { a } from 'a'; export const f = () => a();`],
    ['a class with fields', `export class E extends Error { name = 'E'; }`],
    ['a call that is said to be pure', `import { a } from 'a'; export const x = /* @__PURE__ */ a({ b: [1] });`],
    ['constants', `export const X = 2 ** 20, map = new Map(), names = ['a', 'b'];`],
  ])('is nothing for %s', async (_, code) => {
    expect(await left(code)).toBe('');
  });

  test.each([
    ['a call', `import { a } from 'a'; export const x = a();`],
    ['a change of something global', `globalThis.x = 1;`],
    [
      'an argument of a pure call with a side effect',
      `import { a } from 'a'; export const x = /* @__PURE__ */ a(a());`,
    ],
  ])('is %s', async (_, code) => {
    expect(await left(code)).not.toBe('');
  });
});

describe('names without a docstring', () => {
  test('are exports and public members of classes, interfaces and object types', async () => {
    const code = `
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
    expect(await undocumented(code)).toEqual(['C.m', 'C.s', 'I.field', 'T.key', 'bare']);
  });

  test('are not members that inherit a docstring, or that the constructor documents', async () => {
    const code = `
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
    expect(await undocumented(code)).toEqual([]);
  });
});

describe('what importing a module changes', () => {
  const effects = async (code: string) => {
    writeFileSync(join(folder, 'effects.mjs'), code);
    const script = join(tools, 'import-effects.mjs');
    return JSON.parse((await run(process.execPath, [script, join(folder, 'effects.mjs')])).stdout) as string[];
  };

  test.each([
    ['nothing', `export const x = new Map();`, []],
    ['globals', `globalThis.planted = 1;`, ['globals']],
    ['listeners', `process.on('exit', () => {});`, ['listeners']],
    ['what the process waits for', `setInterval(() => {}, 1e6).unref;`, ['waitingFor']],
    ['what is printed', `console.log('hello');`, ['prints hello']],
  ])('is %s', async (_, code, expected) => {
    expect(await effects(`${code}\nsetTimeout(() => process.exit(), 50).unref();`)).toEqual(expected);
  });
});
