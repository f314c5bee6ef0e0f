import { calibrate, saveTagger, type Tagger } from '@taggerjs/tagger';
import { assignWeights, evaluate, train } from '@taggerjs/train';

import { trainingOptions } from '../recipe-options';
import type { ModelEvaluateOptions, TaggerModel } from './experiment-model';

/** A Tagger as the model of an experiment. */
export function taggerModel(tagger: Tagger): TaggerModel {
  return {
    kind: 'tagger',
    tagger,
    parameterCount: Object.values(tagger.parameters()).reduce((sum, { size }) => sum + size, 0),
    train(recipe, { labeled, ...data }, controls) {
      const { training, evaluation } = recipe;
      const { labels: _labels, seed: _seed, ...classification } = training.classification ?? {};
      return train({
        tagger,
        ...data,
        ...trainingOptions(recipe),
        ...controls,
        ...(labeled && { classification: { labeled, ...classification } }),
        evaluation: { ...evaluation, seed: training.seed },
      });
    },
    evaluate: (dataset, options = {}) => evaluate(tagger, dataset, withoutTimes(options)),
    async show(dataset, options = {}) {
      const figureExamples = options.examples ?? dataset.size;
      const { figure } = await evaluate(tagger, dataset, { ...withoutTimes(options), figureExamples });
      return [...figure];
    },
    restore: (state) => assignWeights(tagger, state),
    async calibrate({ training, evaluation }, dataset) {
      await calibrate(tagger, dataset.batches({ batchSize: training.batchSize, epochs: 1 }), {
        iterations: evaluation.iterations,
        ...(evaluation.groups !== undefined && { groups: evaluation.groups }),
        seed: training.seed,
      });
      return Object.keys(tagger.state()).length > 0;
    },
    save: (options) => saveTagger(tagger, options),
    dispose: () => tagger.dispose(),
  };
}

function withoutTimes({ everySteps: _steps, everySeconds: _seconds, ...options }: ModelEvaluateOptions) {
  return options;
}
