// The package's entry for browsers. The one for Node, index.node.ts, exports the same names.
import {
  createLoadPretrained,
  createReadPretrained,
  fetchUrl,
  type LoadPretrained,
  type ReadPretrained,
} from './load-pretrained';

// Models
/** {@inheritDoc ReadPretrained} */
export const readPretrained: ReadPretrained = /* @__PURE__ */ createReadPretrained(fetchUrl);
/** {@inheritDoc LoadPretrained} */
export const loadPretrained: LoadPretrained = /* @__PURE__ */ createLoadPretrained(readPretrained);
export type { LoadPretrained, PretrainedOptions, ReadPretrained } from './load-pretrained';

// Model cards
export { modelCard, pretrainedModels, pretrainedUrl } from './pretrained-models';
export { modelCardText, type ModelCard, type PretrainedName } from './model-card';

// Errors
export { PretrainedError, type PretrainedErrorCode } from './pretrained-error';
