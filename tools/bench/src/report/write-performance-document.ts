import { writeFileSync } from 'node:fs';

import { performanceDocument } from './performance-document';
import { DOCUMENT, recordedRuns } from './recorded-runs';

/** Writes the document and returns its path. */
export function writePerformanceDocument(): string {
  writeFileSync(DOCUMENT, performanceDocument(recordedRuns()));
  return DOCUMENT;
}
