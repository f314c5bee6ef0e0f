// The public names, in reading order.
export { useBackend, type BackendOptions, type BackendSetup } from './use-backend';
export { BACKENDS, hasThreads, type BackendName } from './backend-name';
