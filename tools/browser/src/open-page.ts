import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { chromium, type Page } from 'playwright-core';

import { bundleEntry, WORKER_PAGE, type Place } from './bundle-entry';
import { findChromium } from './find-chromium';
import { serve, type Served } from './serve';

/** What `openPage` takes. */
export interface PageOptions {
  /** Absolute path of the program: a module of TypeScript or JavaScript whose exported functions are to be called. */
  readonly entry: string;
  /** Whether the program runs in the page itself or in a worker of it. @default 'page' */
  readonly in?: Place;
  /**
   * Whether the page is served with the headers that make it cross-origin isolated (COOP, COEP), so that it has shared
   * memory. @default false
   */
  readonly isolated?: boolean;
  /**
   * What the page can fetch beside itself, by path: a file, or a folder where the path ends in `/`.
   *
   * @default the `.wasm` files of tfjs, under `/wasm/`
   */
  readonly files?: Readonly<Record<string, string>>;
  /** Errors of the page that are expected, and not to be thrown. @default none */
  readonly expectedErrors?: RegExp;
  /** Further command-line arguments of the browser. @default [] */
  readonly args?: readonly string[];
}

/** A program in a browser. */
export interface BrowserPage<Program> {
  /**
   * Calls a function that the program exports. Parameters and the result are copied: numbers (NaN and infinities too),
   * strings, plain objects, arrays, typed arrays.
   *
   * @throws Error with what the function threw, or with the errors that the page reported meanwhile
   */
  call<Name extends keyof Program>(
    name: Name,
    ...parameters: Program[Name] extends (...parameters: infer P) => unknown ? P : never
  ): Promise<Program[Name] extends (...parameters: never[]) => infer R ? Awaited<R> : never>;
  /** What the program wrote to the console, line by line: `warning: text`. */
  readonly console: readonly string[];
  /** The page itself, for what is not covered here, such as screenshots. */
  readonly page: Page;
  /** The address of the page's folder, without a slash at the end. */
  readonly origin: string;
  /**
   * Closes the browser and the server.
   *
   * @throws Error where the page reported errors that no call has thrown
   */
  close(): Promise<void>;
}

/** Where the `.wasm` files of tfjs are. */
const tfjsWasm = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');

/**
 * Bundles a program from the workspace's sources, serves it on loopback and opens it in a browser without a window.
 *
 * What goes wrong in the page is an error here: exceptions, unhandled rejections, `console.error`, failed requests.
 *
 * ```ts
 * import type * as program from './program';
 *
 * const page = await openPage<typeof program>({ entry: join(__dirname, 'program.ts'), isolated: true });
 * expect(await page.call('sum', [1, 2])).toBe(3);
 * await page.close();
 * ```
 *
 * @throws Error where there is no browser, the program cannot be bundled, or it fails as it is loaded
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
  /** Throws what the page reported since the last time. */
  const check = () => {
    if (errors.length === 0) return;
    const text = errors.join('\n');
    errors = [];
    throw new Error(`The page reported:\n${text}`);
  };

  const server = await serve(served, isolated, (path) => report(`there is nothing at ${path} (404)`));
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
