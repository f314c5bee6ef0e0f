import { checkOneOf, TaggerError } from '@taggerjs/nn';

import type { CoreEnvironment } from '../contracts/core';

/** The initial offset and scale of a core's predictions: 0 and 1, or the mean and standard deviation of the data. */
export type PredictionInit = 'constant' | 'data';

/** @throws TaggerError `INVALID_OPTION` unless `predictionInit` is `'constant'` or `'data'` */
export function checkPredictionInit(where: string, predictionInit: PredictionInit): void {
  checkOneOf(where, 'predictionInit', predictionInit, ['constant', 'data']);
}

/**
 * The initial mean and scale of a core's predictions.
 *
 * @throws TaggerError `INVALID_OPTION` if `predictionInit` is `'data'` and the data's statistics are missing, or are not a
 *   finite mean and a positive, finite standard deviation
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
      `${where}: predictionInit 'data' needs the statistics of the training data. Pass the model ` +
        "`data: await dataset.statistics()`, or use predictionInit 'constant'.",
    );
  }
  const { mean, standardDeviation } = data;
  if (Number.isFinite(mean) && standardDeviation > 0 && standardDeviation < Infinity) return data;
  throw new TaggerError(
    'INVALID_OPTION',
    `${where}: predictionInit 'data' needs a finite mean and a positive standard deviation of the training data, got ` +
      `${mean} and ${standardDeviation}.`,
  );
}
