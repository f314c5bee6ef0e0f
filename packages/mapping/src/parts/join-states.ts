import { joinTrees, type TensorTree } from '@taggerjs/nn';

/** Anything with state, such as a mapping or a normalization. */
export interface Stateful {
  /** State that is not trained: calibrated statistics. */
  state(): TensorTree;
  /** Replaces the state by zeros of the given names and shapes. Absent if there is never any state. */
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
}

/**
 * Joins the state of several parts into one, each under its name: the state `x` of part `norm_h` is `norm_h/x`.
 *
 * `prepareState` ignores names that belong to none of the parts; `assignTree` reports them when it assigns the values.
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
