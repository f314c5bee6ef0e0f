import { measureSteps } from '../measure-steps';
import type { StepsRun } from '../run';
import type { Command } from './command';

export const steps: Command<StepsRun> = {
  summary: 'training steps by variant and peer',
  defaults: { variants: 'relaxed:2,relaxed:1,plain:2,plain:1,composed:2,naive:2', rounds: 9 },
  measure: async ({ entries, settings, rounds }) => ({
    command: 'steps',
    results: await measureSteps(entries, settings, rounds),
  }),
};
