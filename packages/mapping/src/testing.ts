// The conformance kit checks that a core or a mapping fulfills its contract.
export { checkCore, type CheckCoreOptions } from './testing/check-core';
export { checkMapping, type CheckMappingOptions } from './testing/check-mapping';
export { ConformanceError, type ConformanceOptions, type ConformanceRule } from './testing/conformance';
