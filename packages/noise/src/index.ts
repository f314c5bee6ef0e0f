// The contract: what a Tagger asks of its noise model.
export type { NoiseComponent, NoiseEnvironment, NoiseModel } from './noise-model';

// The models, and both by name.
export { bitflip, type BitflipOptions } from './bitflip';
export { gaussian, type GaussianOptions } from './gaussian';
export { noiseModels } from './noise-models';
