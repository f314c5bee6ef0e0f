export { createRandom, randomFromJSON } from './create-random';
export type { Random, RandomState } from './random';
export { RandomError, type RandomErrorCode } from './errors';
