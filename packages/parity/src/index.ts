// The suite.
export { runParity, type ParityOptions } from './run-parity';
export { parityCases } from './cases/parity-cases';
export { bfloat16Cases } from './cases/bfloat16-cases';
export { selectCases } from './select-cases';
export { mappingCases, type MappingUnderTest } from './cases/mapping-cases';

// The results.
export { disagreements, joinReports, type BackendResult, type CaseResult, type ParityReport } from './parity-report';
export type { ErrorFigures } from './measure-error';
export { operationTable, type OperationTable } from './report/operation-table';
export { textReport } from './report/text-report';
export { htmlReport } from './report/html-report';

// Backends.
export type { BackendInUse, BackendUnderTest } from './backend-under-test';
export { namedBackend } from './named-backend';
export { registeredBackend } from './registered-backend';

// Custom cases.
export type { CaseContext, CaseGroup, CaseOutcome, ParityCase, Quantity, Tolerance } from './parity-case';
