import { readFile } from 'node:fs/promises';

import { fetchUrl, type ReadUrl } from '../load-pretrained';

/** Reads a file of a `file:` URL, which `fetch` of Node does not, and fetches others. */
export const readUrl: ReadUrl = async (url, signal) =>
  url.protocol === 'file:' ? readFile(url, signal ? { signal } : {}) : fetchUrl(url, signal);
