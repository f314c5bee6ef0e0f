import { TaggerError } from '@taggerjs/nn';

/**
 * Converts labels [B, L], one per object, to targets [B, C]: how many objects of each class an example has, row-major, as
 * `classificationCost` expects.
 *
 * @param labels integers in [0, classes), L per example
 * @param options the sizes
 * @param options.size number of examples B
 * @param options.classes number of classes C
 * @throws TaggerError `INVALID_SHAPE` if the examples do not all have the same number of labels, `INVALID_OPTION` if a label
 *   is not a class
 */
export function classTargets(
  labels: ArrayLike<number>,
  { size, classes }: { readonly size: number; readonly classes: number },
): Float32Array {
  const objects = labels.length / size;
  if (!Number.isInteger(objects) || objects < 1) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `classTargets: ${labels.length} labels cannot be divided among ${size} examples.`,
    );
  }
  const targets = new Float32Array(size * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new TaggerError(
        'INVALID_OPTION',
        `classTargets: the label of example ${Math.floor(i / objects)} must be an integer from 0 to ${classes - 1}, not ` +
          `${label}.`,
      );
    }
    targets[Math.floor(i / objects) * classes + label]! += 1;
  }
  return targets;
}
