import { findChromium, serve } from '@taggerjs-tools/browser';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';

import { siteFiles } from './site-files';

/** The built site in a browser. */
export interface OpenSite {
  readonly page: Page;
  /** The site's URL, without a trailing slash. */
  readonly origin: string;
  /** @throws Error if the pages reported exceptions, console errors or failed requests */
  close(): Promise<void>;
}

/**
 * Serves the built site and opens it in a browser.
 *
 * @param options `isolated`: whether to send the headers that threads need; `site`: options of {@link siteFiles}; all others
 *   are options of the browser context
 */
export async function openSite({
  isolated = false,
  site,
  ...context
}: BrowserContextOptions & {
  readonly isolated?: boolean;
  readonly site?: Parameters<typeof siteFiles>[0];
} = {}): Promise<OpenSite> {
  const errors: string[] = [];
  const server = await serve(siteFiles(site), isolated, (path) => errors.push(`not found: ${path}`));
  const browser = await chromium
    .launch({ executablePath: findChromium(), chromiumSandbox: process.getuid?.() !== 0 })
    .catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
  const page = await (await browser.newContext(context)).newPage();
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return {
    page,
    origin: server.origin,
    async close() {
      await browser.close();
      await server.close();
      if (errors.length > 0) throw new Error(`The site reported:\n${errors.join('\n')}`);
    },
  };
}
