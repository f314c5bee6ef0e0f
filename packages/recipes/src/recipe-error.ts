/**
 * What went wrong, as a stable word for programs; the message is for people.
 *
 * - `INVALID_RECIPE`: a recipe is not what it should be; `issues` says where
 * - `UNKNOWN_RECIPE`: there is no recipe of that name
 * - `UNKNOWN_PATH`: a value was to be set at a place that recipes do not have
 */
export type RecipeErrorCode = 'INVALID_RECIPE' | 'UNKNOWN_RECIPE' | 'UNKNOWN_PATH';

/** One thing that is wrong with a recipe. */
export interface RecipeIssue {
  /** Where, such as `training.batchSize`; empty for the recipe as a whole. */
  readonly path: string;
  /** What may stand there, such as `a whole number of at least 1`. */
  readonly expected: string;
  /** What stands there, as JSON, shortened; `nothing` where it is missing. */
  readonly got: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** The error this package throws: a stable `code`, a message that lists what is wrong where, and the same as data. */
export class RecipeError extends Error {
  override readonly name = 'RecipeError';

  /**
   * @param code the stable word for programs
   * @param message what was expected, what came, and what was probably meant
   * @param issues the same as data, one by one
   * @param options `cause`: the error underneath, where there is one
   */
  constructor(
    readonly code: RecipeErrorCode,
    message: string,
    readonly issues: readonly RecipeIssue[],
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** An issue as a line of a message. */
export function issueLine({ path, expected, got, suggestion }: RecipeIssue): string {
  const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return `${path === '' ? 'the recipe' : path}: expected ${expected}, got ${got}${meant}`;
}
