export type { Random, RandomState } from './random';
