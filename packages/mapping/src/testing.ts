// The conformance kit: whether a core or a mapping keeps what its contract promises.
export { checkCore, type CheckCoreOptions } from './testing/check-core';
export { checkMapping, type CheckMappingOptions } from './testing/check-mapping';
export type { ConformanceOptions } from './testing/conformance';
