import { joinTrees, type TensorTree } from '@taggerjs/nn';

/** Anything with state: a mapping, a normalization. */
export interface Stateful {
  /** What is not trained, but belongs to the model: calibrated statistics. */
  state(): TensorTree;
  /** Makes the state whose names are given exist, and forgets other state. Absent where there never is any. */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
}

/**
 * Joins the state of several parts into one, each under its name: the state `x` of part `norm_h` is `norm_h/x`.
 *
 * Names of {@link Stateful.prepareState} that belong to no part are left to whoever assigns the values: `assignTree`
 * names them.
 */
export function joinStates(parts: Readonly<Record<string, Stateful>>): Required<Stateful> {
  return {
    state: () => joinTrees(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.state()]))),
    prepareState(names) {
      for (const [name, part] of Object.entries(parts)) {
        const prefix = `${name}/`;
        part.prepareState?.(
          Object.fromEntries(
            Object.entries(names)
              .filter(([path]) => path.startsWith(prefix))
              .map(([path, shape]) => [path.slice(prefix.length), shape]),
          ),
        );
      }
    },
  };
}
