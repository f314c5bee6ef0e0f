export { nodeBackend, NODE_BACKENDS } from './backends/node-backends';
export { importOptional, OptionalPackageError } from './backends/import-optional';
