// The package's entry for Node. The one for browsers, index.ts, exports the same names.
import {
  createLoadPretrained,
  createReadPretrained,
  type LoadPretrained,
  type ReadPretrained,
} from './load-pretrained';
import { readUrl } from './node/read-url';

// Models
/** {@inheritDoc ReadPretrained} */
export const readPretrained: ReadPretrained = /* @__PURE__ */ createReadPretrained(readUrl);
/** {@inheritDoc LoadPretrained} */
export const loadPretrained: LoadPretrained = /* @__PURE__ */ createLoadPretrained(readPretrained);
export type { LoadPretrained, PretrainedOptions, ReadPretrained } from './load-pretrained';

// Model cards
export { modelCard, pretrainedModels, pretrainedUrl } from './pretrained-models';
export { modelCardText, type ModelCard, type PretrainedName } from './model-card';

// Errors
export { PretrainedError, type PretrainedErrorCode } from './pretrained-error';
