import { TaggerError } from '@taggerjs/nn';

/**
 * Counts the objects of each class: labels [B, L], one for each object, become targets [B, C], row-major, as
 * `classificationCost` takes them.
 *
 * @param labels integers in [0, classes), L for each example
 * @param options the sizes
 * @param options.size number of examples B
 * @param options.classes number of classes C
 * @throws TaggerError `INVALID_SHAPE` where the labels are no whole number for each example, `INVALID_OPTION` for a label
 *   that is no class
 */
export function classTargets(
  labels: ArrayLike<number>,
  { size, classes }: { readonly size: number; readonly classes: number },
): Float32Array {
  const objects = labels.length / size;
  if (!Number.isInteger(objects) || objects < 1) {
    throw new TaggerError(
      'INVALID_SHAPE',
      `classTargets: ${labels.length} labels are no whole number, at least 1, for each of ${size} examples.`,
    );
  }
  const targets = new Float32Array(size * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new TaggerError(
        'INVALID_OPTION',
        `classTargets: the labels must be integers from 0 to ${classes - 1}, not ${label}, the label of example ` +
          `${Math.floor(i / objects)}.`,
      );
    }
    targets[Math.floor(i / objects) * classes + label]! += 1;
  }
  return targets;
}
