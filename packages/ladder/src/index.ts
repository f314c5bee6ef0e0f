// The Ladder as the Tagger's parametric mapping.
export { ladder, type LadderOptions } from './ladder';

// The Ladder on its own: semi-supervised classification.
export {
  ladderNetwork,
  LadderNetwork,
  type LadderNetworkComponent,
  type LadderNetworkOptions,
  type LadderStep,
  type LayerNoise,
} from './ladder-network';
