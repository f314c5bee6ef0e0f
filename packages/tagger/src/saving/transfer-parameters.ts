import { readTree, assignTree, sameShape, TaggerError, type TensorTree, type TensorValue } from '@taggerjs/nn';

import type { Tagger } from '../model/tagger';

/** What {@link transferParameters} takes. */
export interface TransferOptions {
  /**
   * Tensors that begin anew although the source has one of the name, such as `ladder/c`, the scale of the softmax at the
   * top of a Ladder, when further layers come on top. @default none
   */
  readonly fresh?: readonly string[];
}

/** What became of every tensor in a transfer, by name. */
export interface Transfer {
  /** Tensors that hold the source's values now. */
  readonly taken: readonly string[];
  /** Tensors of the target that keep their initial values: new layers, and what was to begin anew. */
  readonly fresh: readonly string[];
  /** Tensors of the source that are of no use to the target: those that begin anew in it. */
  readonly left: readonly string[];
}

/**
 * Takes the parameters of a trained Tagger over into another that has more: every tensor of the same name and shape is
 * taken, and those that only the target has keep their initial values. Training goes on from there, as when layers that
 * classify are put on top of a Ladder that has learned to group. Nothing is left behind silently: a tensor of the source
 * that is not in the target, or has another shape there, is refused unless it is named in `fresh`.
 *
 * Calibrated statistics are not taken: they are those of the source's training.
 *
 * @param source the trained Tagger, which stays as it is
 * @param target the Tagger that is written to; nothing is written unless everything fits
 * @returns what was taken, what begins anew, what was left
 * @throws TaggerError `PARAMETER_MISMATCH` naming every tensor that does not fit, `INVALID_OPTION` where `fresh` names a
 *   tensor that the target does not have, or source and target are one
 */
export async function transferParameters(
  source: Tagger,
  target: Tagger,
  { fresh: anew = [] }: TransferOptions = {},
): Promise<Transfer> {
  const [given, wanted] = [source.parameters(), target.parameters()];
  if (source === target) {
    throw new TaggerError('INVALID_OPTION', 'transferParameters: source and target must be two Taggers.');
  }
  const unknown = anew.filter((name) => !Object.hasOwn(wanted, name));
  if (unknown.length > 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `transferParameters: fresh names ${quoted(unknown)}, which the target does not have. It has ` +
        `${Object.keys(wanted).join(', ')}.`,
    );
  }
  const problems: string[] = [];
  for (const [name, { shape }] of Object.entries(given)) {
    if (anew.includes(name)) continue;
    const there = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (there === undefined) problems.push(`'${name}' [${shape}] is not in the target`);
    else if (!sameShape(there.shape, shape)) {
      problems.push(`'${name}' has shape [${shape}] in the source, [${there.shape}] in the target`);
    }
  }
  const names = Object.keys(wanted);
  const taken = names.filter((name) => Object.hasOwn(given, name) && !anew.includes(name));
  if (problems.length > 0 || taken.length === 0) {
    const what = problems.length > 0 ? problems.join('; ') : 'source and target have no tensor in common';
    throw new TaggerError(
      'PARAMETER_MISMATCH',
      `transferParameters: the source does not fit the target: ${what}. The target must have all layers of the source in ` +
        'the same sizes, and may have more; what shall begin anew is named in fresh.',
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
