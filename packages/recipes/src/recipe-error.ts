/**
 * Identifies an error for programs; the message is for people.
 *
 * - `INVALID_RECIPE`: a recipe has wrong, missing or unknown values, listed in `issues`
 * - `UNKNOWN_RECIPE`: no recipe has that name
 * - `UNKNOWN_PATH`: an override sets a value that recipes do not have
 */
export type RecipeErrorCode = 'INVALID_RECIPE' | 'UNKNOWN_RECIPE' | 'UNKNOWN_PATH';

/** One problem of a recipe. */
export interface RecipeIssue {
  /** Path of the value, such as `training.batchSize`; empty for the recipe itself. */
  readonly path: string;
  /** What is valid there, such as `an integer of at least 1`. */
  readonly expected: string;
  /** The value that was found, as JSON, shortened; `nothing` if it is missing. */
  readonly got: string;
  /** The valid word that is closest, for misspellings. */
  readonly suggestion?: string;
}

/** The error of this package, with a stable `code`, a message that lists all problems, and the same list as data. */
export class RecipeError extends Error {
  override readonly name = 'RecipeError';

  /**
   * @param code identifies the error for programs
   * @param message what was expected, what was found, and suggestions
   * @param issues the problems as data
   * @param options `cause`: the underlying error, if any
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

/** Formats an issue as a line of a message. */
export function issueLine({ path, expected, got, suggestion }: RecipeIssue): string {
  const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return `${path === '' ? 'the recipe' : path}: expected ${expected}, got ${got}${meant}`;
}
