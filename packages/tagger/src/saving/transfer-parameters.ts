import {
  assignTree,
  checkOptionNames,
  readTree,
  sameShape,
  TaggerError,
  type TensorTree,
  type TensorValue,
} from '@taggerjs/nn';

import type { Tagger } from '../model/tagger';

/** Options of {@link transferParameters}. */
export interface TransferOptions {
  /**
   * Tensors to leave at their initial values although the source has them, such as `ladder/c`, the scale of a Ladder's top
   * softmax, when you put further layers on top. @default none
   */
  readonly fresh?: readonly string[];
}

/** What {@link transferParameters} did with each tensor, by name. */
export interface Transfer {
  /** Tensors that now have the source's values. */
  readonly taken: readonly string[];
  /** Tensors of the target that keep their initial values: new layers, and those named in `fresh`. */
  readonly fresh: readonly string[];
  /** Tensors of the source that were not copied, because `fresh` names them. */
  readonly left: readonly string[];
}

/**
 * Copies the parameters of a trained Tagger into one with more layers, to continue training from there: for example to add
 * layers that classify on top of a Ladder that has learned to group. Tensors that only the target has keep their initial
 * values. A tensor of the source that is not in the target, or has another shape there, is an error unless `fresh` names it.
 *
 * Does not copy calibrated statistics, which belong to the source's training.
 *
 * @param source the trained Tagger; does not change
 * @param target the Tagger to write to; nothing is written unless everything fits
 * @throws TaggerError `PARAMETER_MISMATCH` naming every tensor that does not fit; `INVALID_OPTION` if `fresh` names a tensor
 *   that the target does not have, or source and target are the same
 */
export async function transferParameters(
  source: Tagger,
  target: Tagger,
  options: TransferOptions = {},
): Promise<Transfer> {
  checkOptionNames('transferParameters', options, ['fresh']);
  const { fresh = [] } = options;
  const [given, wanted] = [source.parameters(), target.parameters()];
  if (source === target) {
    throw new TaggerError('INVALID_OPTION', 'transferParameters: source and target are the same Tagger.');
  }
  const unknown = fresh.filter((name) => !Object.hasOwn(wanted, name));
  if (unknown.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `transferParameters: the target does not have ${quoted(unknown)}, named in fresh. It has ` +
        `${Object.keys(wanted).join(', ')}.`,
    );
  }
  const problems: string[] = [];
  for (const [name, { shape }] of Object.entries(given)) {
    if (fresh.includes(name)) continue;
    const other = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (other === undefined) problems.push(`'${name}' [${shape}] is not in the target`);
    else if (!sameShape(other.shape, shape)) {
      problems.push(`'${name}' has shape [${shape}] in the source, [${other.shape}] in the target`);
    }
  }
  const names = Object.keys(wanted);
  const taken = names.filter((name) => Object.hasOwn(given, name) && !fresh.includes(name));
  if (problems.length > 0 || taken.length === 0) {
    const what = problems.length > 0 ? problems.join('; ') : 'source and target have no tensor in common';
    throw new TaggerError(
      'PARAMETER_MISMATCH',
      `transferParameters: the source does not fit the target: ${what}. The target needs all layers of the source, in the ` +
        'same sizes, and may have more. List the tensors that should keep their initial values in fresh.',
    );
  }
  const values: Record<string, TensorValue> = await readTree(pick(given, taken));
  assignTree(pick(wanted, taken), values);
  return {
    taken,
    fresh: names.filter((name) => !taken.includes(name)),
    left: Object.keys(given).filter((name) => !taken.includes(name)),
  };
}

function pick(tree: TensorTree, names: readonly string[]): TensorTree {
  return Object.fromEntries(names.map((name) => [name, tree[name] as TensorTree[string]]));
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
