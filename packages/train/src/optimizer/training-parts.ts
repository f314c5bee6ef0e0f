import type { TrainedModel } from '../trained-model';
import { createAdam, type AdamOptions } from './adam';
import { createEma, type Ema, type EmaOptions } from './ema';
import type { Optimizer } from './optimizer';

/** The parts of a training that hold tensors. */
export interface TrainingParts {
  readonly model: TrainedModel;
  readonly optimizer: Optimizer;
  readonly ema: Ema | null;
}

/** Creates the optimizer and the average. @throws TaggerError `INVALID_OPTION` */
export function createTrainingParts(
  model: TrainedModel,
  options: { readonly adam: AdamOptions; readonly ema: EmaOptions | null },
): TrainingParts {
  const parameters = model.parameters();
  const optimizer = createAdam(parameters, options.adam);
  try {
    return { model, optimizer, ema: options.ema && createEma(parameters, options.ema) };
  } catch (error) {
    optimizer.dispose();
    throw error;
  }
}
