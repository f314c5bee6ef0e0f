import { GOLDEN_TAGGERS, goldenTagger } from '../golden/golden-tagger';
import type { ParityCase } from '../parity-case';
import { MODEL_GRADIENT, MODEL_VALUE } from '../tolerances';
import { modelQuantities } from './model-quantities';

/** The golden vectors: every intermediate, cost and gradient of small Taggers, from an independent implementation. */
export function goldenCases(): ParityCase[] {
  return GOLDEN_TAGGERS.map((name) => ({
    name: `golden ${name}`,
    group: 'golden',
    operations: [],
    tolerance: {
      value: MODEL_VALUE,
      gradient: name.endsWith('saturated')
        ? {
            ...MODEL_GRADIENT,
            relative: 1e-2,
            reason: 'm underflows there, and gradients are differences of what is left',
          }
        : MODEL_GRADIENT,
    },
    async run() {
      const { description, parameters, inputs, classWeight, expected } = goldenTagger(name);
      const quantities = await modelQuantities(
        description,
        { parameters, inputs },
        { output: expected, gradients: expected.gradients, ...(classWeight !== undefined && { classWeight }) },
      );
      return { quantities };
    },
  }));
}
