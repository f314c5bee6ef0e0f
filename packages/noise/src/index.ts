export type { NoiseComponent, NoiseEnvironment, NoiseModel } from './noise-model';
