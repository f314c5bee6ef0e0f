// The public names, in reading order.
export { experiment } from './experiment';
