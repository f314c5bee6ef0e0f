import { TaggerError } from '@taggerjs/nn';

import type { CoreEnvironment } from '../contracts/core';

/** How the predictions of a core begin: about 0 with scale 1, or about the mean of the data with their scale. */
export type PredictionInit = 'constant' | 'data';

/** @throws TaggerError `INVALID_OPTION` */
export function checkPredictionInit(where: string, predictionInit: PredictionInit): void {
  if (predictionInit === 'constant' || predictionInit === 'data') return;
  throw new TaggerError(
    'INVALID_OPTION',
    `${where}: predictionInit must be 'constant' or 'data', not ${JSON.stringify(predictionInit)}.`,
  );
}

/**
 * The mean and the scale that predictions begin with.
 *
 * @throws TaggerError `INVALID_OPTION` where they are to be the data's, and these are not given, or not a finite mean and a
 * positive, finite standard deviation
 */
export function initialPredictions(
  where: string,
  predictionInit: PredictionInit,
  data: CoreEnvironment['data'],
): NonNullable<CoreEnvironment['data']> {
  if (predictionInit === 'constant') return { mean: 0, standardDeviation: 1 };
  if (!data) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${where}: predictionInit 'data' needs the statistics of the training data. Give the model data: await ` +
        "dataset.statistics(), or take predictionInit 'constant'.",
    );
  }
  const { mean, standardDeviation } = data;
  if (Number.isFinite(mean) && standardDeviation > 0 && standardDeviation < Infinity) return data;
  throw new TaggerError(
    'INVALID_OPTION',
    `${where}: predictionInit 'data' needs a finite mean and a positive standard deviation of the training data, not ` +
      `${mean} and ${standardDeviation}.`,
  );
}
