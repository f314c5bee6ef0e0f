import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { StepsRun } from '../run';
import { backendsDocument, type ParitySummary } from './backends-document';

/** The recorded summary of a parity report. */
export const RECORDED_PARITY = fileURLToPath(new URL('../../../../docs/backends/parity.json', import.meta.url));

/** Recorded step times, by the size of the model. */
export const RECORDED_STEPS = {
  small: fileURLToPath(new URL('../../../../docs/backends/steps-small.json', import.meta.url)),
  shapes: fileURLToPath(new URL('../../../../docs/backends/steps-shapes.json', import.meta.url)),
} as const;

/** The document. */
export const BACKENDS_DOCUMENT = fileURLToPath(new URL('../../../../docs/backends.md', import.meta.url));

/** The recorded summary, if any. */
export function recordedParity(): ParitySummary | undefined {
  if (!existsSync(RECORDED_PARITY)) return undefined;
  return JSON.parse(readFileSync(RECORDED_PARITY, 'utf8')) as ParitySummary;
}

/** The recorded step times. */
export function recordedSteps(): StepsRun[] {
  return Object.values(RECORDED_STEPS)
    .filter(existsSync)
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as StepsRun);
}

/** Writes the document and returns its path. */
export function writeBackendsDocument(): string {
  writeFileSync(BACKENDS_DOCUMENT, backendsDocument(recordedParity(), recordedSteps()));
  return BACKENDS_DOCUMENT;
}
