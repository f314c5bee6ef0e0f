// The public names, in reading order.
export { useBackend, type BackendOptions, type BackendSetup } from './use-backend';
export { BACKENDS, hasBfloat16, hasThreads, PRECISIONS, type BackendName, type Precision } from './backend-name';
