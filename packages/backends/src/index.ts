// The public names, in reading order.
export { backends } from './backends';
