// Serves the built site on loopback, with the headers that threads need: `npm run docs -- [--port N]`.
import { parseArgs } from 'node:util';

import { serve } from '@taggerjs-tools/browser';

import { siteFiles } from './site-files';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' } } });
const base = process.env['DOCS_BASE'] ?? '/';
const { origin } = await serve(
  siteFiles({ base }),
  true,
  (path) => console.error(`not found: ${path}`),
  Number(values.port),
);
console.log(`The site is at ${origin}${base}`);
