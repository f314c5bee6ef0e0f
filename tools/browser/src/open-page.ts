import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { chromium, type Page } from 'playwright-core';

import { bundleEntry, WORKER_PAGE, type Place } from './bundle-entry';
import { findChromium } from './find-chromium';
import { serve, type Served } from './serve';

/** Options of `openPage`. */
export interface PageOptions {
  /** Absolute path of the program: a TypeScript or JavaScript module that exports the functions to call. */
  readonly entry: string;
  /** Whether the program runs in the page itself or in a worker. @default 'page' */
  readonly in?: Place;
  /**
   * Whether to serve the page with the headers for cross-origin isolation (COOP, COEP), which shared memory requires.
   * @default false
   */
  readonly isolated?: boolean;
  /**
   * Other files that the page can fetch, by path. A path that ends in `/` serves a folder.
   *
   * @default the `.wasm` files of tfjs, under `/wasm/`
   */
  readonly files?: Readonly<Record<string, string>>;
  /** Expected errors of the page, which are not thrown. @default none */
  readonly expectedErrors?: RegExp;
  /** Further command-line arguments of the browser. @default [] */
  readonly args?: readonly string[];
}

/** A program in a browser. */
export interface BrowserPage<Program> {
  /**
   * Calls a function that the program exports. Parameters and results are copied. They can contain numbers (including NaN and
   * infinities), strings, plain objects, arrays and typed arrays.
   *
   * @throws Error if the function threw, or the page reported errors during the call
   */
  call<Name extends keyof Program>(
    name: Name,
    ...parameters: Program[Name] extends (...parameters: infer P) => unknown ? P : never
  ): Promise<Program[Name] extends (...parameters: never[]) => infer R ? Awaited<R> : never>;
  /** Lines that the program wrote to the console, such as `warning: text`. */
  readonly console: readonly string[];
  /** The page itself, for everything else, such as screenshots. */
  readonly page: Page;
  /** The URL of the page's folder, without a trailing slash. */
  readonly origin: string;
  /**
   * Closes the browser and the server.
   *
   * @throws Error if the page reported errors that no call has thrown
   */
  close(): Promise<void>;
}

/** The folder of TensorFlow.js's `.wasm` files. */
const tfjsWasm = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');

/**
 * Bundles a program from the workspace's sources, serves it on loopback and opens it in a headless browser.
 *
 * Errors in the page are thrown here: exceptions, unhandled rejections, `console.error`, failed requests.
 *
 * ```ts
 * import type * as program from './program';
 *
 * const page = await openPage<typeof program>({ entry: join(__dirname, 'program.ts'), isolated: true });
 * expect(await page.call('sum', [1, 2])).toBe(3);
 * await page.close();
 * ```
 *
 * @throws Error if no browser is found, or the program cannot be bundled or loaded
 */
export async function openPage<Program>({
  entry,
  in: place = 'page',
  isolated = false,
  files = { '/wasm/': tfjsWasm() },
  expectedErrors,
  args = [],
}: PageOptions): Promise<BrowserPage<Program>> {
  const executablePath = findChromium();
  const code = await bundleEntry(entry, place);
  const script = (text: string) => ({ text, type: 'text/javascript; charset=utf-8' });
  const served: Served = {
    ...files,
    '/': { text: PAGE, type: 'text/html; charset=utf-8' },
    '/entry.js': script(code),
    '/page.js': script(place === 'page' ? `import '/entry.js';` : WORKER_PAGE),
  };
  const messages: string[] = [];
  let errors: string[] = [];
  const report = (error: string) => {
    if (expectedErrors === undefined || !expectedErrors.test(error)) errors.push(error);
  };
  /** Throws the errors that the page reported since the last check. */
  const check = () => {
    if (errors.length === 0) return;
    const text = errors.join('\n');
    errors = [];
    throw new Error(`The page reported:\n${text}`);
  };

  const server = await serve(served, isolated, (path) => report(`not found: ${path} (404)`));
  const browser = await chromium
    .launch({ executablePath, args: [...args], chromiumSandbox: process.getuid?.() !== 0 })
    .catch(async (error: unknown) => {
      await server.close();
      throw error;
    });

  const close = async () => {
    await browser.close();
    await server.close();
  };

  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => report(error.stack ?? error.message));
    page.on('crash', () => report('the page crashed'));
    page.on('console', (message) => {
      messages.push(`${message.type()}: ${message.text()}`);
      if (message.type() === 'error') report(`${message.text()} (${message.location().url})`);
    });
    page.on('requestfailed', (request) => report(`${request.url()}: ${request.failure()?.errorText}`));
    await page.goto(`${server.origin}/`);
    await page.evaluate(() => (globalThis as { ready?: Promise<void> }).ready);
    check();

    return {
      console: messages,
      page,
      origin: server.origin,
      async call(name, ...parameters) {
        const value = await page
          .evaluate(
            ([name, parameters]) =>
              (globalThis as unknown as { call(name: string, parameters: unknown[]): unknown }).call(name, parameters),
            [String(name), parameters] as const,
          )
          .catch((error: Error) => {
            errors.unshift(error.message);
          });
        check();
        return value as never;
      },
      async close() {
        await close();
        check();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>taggerjs</title>
<link rel="icon" href="data:,">
<script type="module" src="/page.js"></script>
`;
