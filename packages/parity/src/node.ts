export { nodeBackend, NODE_BACKENDS } from './backends/node-backends';
