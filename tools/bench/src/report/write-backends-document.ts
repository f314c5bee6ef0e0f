import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { backendsDocument, type ParitySummary } from './backends-document';

/** The recorded summary of a parity report. */
export const RECORDED_PARITY = fileURLToPath(new URL('../../../../docs/backends/parity.json', import.meta.url));

/** The document. */
export const BACKENDS_DOCUMENT = fileURLToPath(new URL('../../../../docs/backends.md', import.meta.url));

/** The recorded summary, where there is one. */
export function recordedParity(): ParitySummary | undefined {
  if (!existsSync(RECORDED_PARITY)) return undefined;
  return JSON.parse(readFileSync(RECORDED_PARITY, 'utf8')) as ParitySummary;
}

/** Writes the document anew; returns where. */
export function writeBackendsDocument(): string {
  writeFileSync(BACKENDS_DOCUMENT, backendsDocument(recordedParity()));
  return BACKENDS_DOCUMENT;
}
