export { nodeBackend, NODE_BACKENDS } from './backends/node-backends';
export { importOptional } from './backends/optional-backend';
