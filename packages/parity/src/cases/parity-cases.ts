import type { ParityCase } from '../parity-case';
import { differenceCases } from './difference-cases';
import { goldenCases } from './golden-cases';
import { ladderCases } from './ladder-cases';
import { ladderNetworkCases } from './ladder-network-cases';
import { noiseCases } from './noise-cases';
import { operationCases } from './operation-cases';
import { taggerCases } from './tagger-cases';
import { trainingCases } from './training-cases';
import { trapCases } from './trap-cases';

/**
 * All cases of the suite: every operation of `@taggerjs/nn` with its gradients, each noise model in every form, the
 * Ladder as a mapping and on its own, whole Taggers, the golden vectors, ten steps of training, what TensorFlow.js itself gets wrong, and where
 * backends differ.
 */
export function parityCases(): ParityCase[] {
  return [
    ...operationCases(),
    ...noiseCases(),
    ...ladderCases(),
    ...ladderNetworkCases(),
    ...taggerCases(),
    ...goldenCases(),
    ...trainingCases(),
    ...trapCases(),
    ...differenceCases(),
  ];
}
