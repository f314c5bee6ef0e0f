import { classify, classTargets, type Classifier } from '@taggerjs/classifier';
import type { Dataset } from '@taggerjs/datasets';
import { classificationError } from '@taggerjs/metrics';

/** An example, its place in the data, and the classes that a classifier finds in it. */
export interface ClassifiedExample {
  readonly index: number;
  /** [N] */
  readonly input: Float32Array;
  /** [C], summing to one. */
  readonly classPosterior: Float32Array;
  /** The true classes, one for each object; where they are known. */
  readonly labels?: Uint8Array;
}

/** How to classify. */
interface ClassifyExamplesOptions {
  readonly batchSize: number;
  readonly statistics?: 'batch' | 'calibrated';
}

/** Classifies the examples at some places of the data, in their order. */
export async function classifyExamples(
  classifier: Classifier,
  dataset: Dataset,
  places: readonly number[],
  { batchSize, ...how }: ClassifyExamplesOptions,
): Promise<ClassifiedExample[]> {
  const examples: ClassifiedExample[] = [];
  for (let first = 0; first < places.length; first += batchSize) {
    const some = places.slice(first, first + batchSize);
    const { inputs, labels } = await dataset.examples(Uint32Array.from(some));
    const posteriors = await classify(classifier, inputs, { ...how, batchSize });
    const of = <Values extends Float32Array | Uint8Array>(values: Values, i: number) => {
      const length = values.length / some.length;
      return values.slice(i * length, (i + 1) * length) as Values;
    };
    some.forEach((index, i) => {
      const example = { index, input: of(inputs, i), classPosterior: of(posteriors, i) };
      examples.push(labels ? { ...example, labels: of(labels, i) } : example);
    });
  }
  return examples;
}

/**
 * The examples of which a class was missed, the worst first: those whose true classes had the least probability. Of the first
 * `examples` of the data, `count` at most.
 */
export async function wrongExamples(
  classifier: Classifier,
  dataset: Dataset,
  { examples, count, ...how }: ClassifyExamplesOptions & { readonly examples: number; readonly count: number },
): Promise<ClassifiedExample[]> {
  let worst: { readonly example: ClassifiedExample; readonly cost: number }[] = [];
  const most = Math.min(examples, dataset.size);
  for (let first = 0; first < most; first += how.batchSize) {
    const places = Array.from({ length: Math.min(how.batchSize, most - first) }, (_, i) => first + i);
    const wrong = (await classifyExamples(classifier, dataset, places, how)).flatMap((example) => {
      const { classPosterior, labels } = example;
      if (!labels || classificationError(classPosterior, labels, { size: 1 }) === 0) return [];
      return [{ example, cost: costOf(classPosterior, labels) }];
    });
    worst = [...worst, ...wrong].sort((a, b) => b.cost - a.cost).slice(0, count);
  }
  return worst.map(({ example }) => example);
}

/** Cross-entropy of the class probabilities with the true classes. */
function costOf(posterior: Float32Array, labels: Uint8Array): number {
  const targets = classTargets(labels, { size: 1, classes: posterior.length });
  return posterior.reduce((cost, probability, i) => {
    const target = targets[i] as number;
    return target > 0 ? cost - target * Math.log(probability + Number.MIN_VALUE) : cost;
  }, 0);
}
