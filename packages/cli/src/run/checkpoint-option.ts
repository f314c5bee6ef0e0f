import type { WhichCheckpoint } from '@taggerjs/experiment/node';

import { CliError } from '../errors';

/** Option of the commands that take a run's model. */
export const checkpointOption = {
  checkpoint: {
    type: 'string',
    describe: 'The model of a checkpoint: best, last, or its step [default: the model at the end of training]',
  },
} as const;

/**
 * What the option says.
 *
 * @throws CliError `USAGE`
 */
export function parseCheckpoint(given: string | undefined): WhichCheckpoint | undefined {
  if (given === undefined || given === 'best' || given === 'last') return given;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new CliError('USAGE', `--checkpoint takes best, last, or a step such as 2000, not '${given}'.`);
}
