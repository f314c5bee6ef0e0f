import { VizError } from './viz-error';

/** Prediction and assignment of one example at one iteration, as plain arrays with the group axis first. */
export interface GroupIteration {
  /** [K, N] predicted inputs z; N = P*C for P pixels of C channels, which are next to each other. */
  readonly prediction: ArrayLike<number>;
  /** [K, P] assignments m, which sum to 1 over the groups. */
  readonly assignment: ArrayLike<number>;
  /** Adjusted mutual information with the true segments. NaN is drawn as a dash. */
  readonly ami?: number | undefined;
}

/** One example, row-major, and its grouping. */
export interface GroupExample {
  /** [N] the clean input. */
  readonly input: ArrayLike<number>;
  /** [N] the input as the Tagger saw it. */
  readonly corrupted?: ArrayLike<number> | undefined;
  /** Iterations 1, 2, ... All examples of a figure have the same number. */
  readonly iterations: readonly GroupIteration[];
  /** [P] the true segments; 255 is not scored. */
  readonly segments?: ArrayLike<number> | undefined;
  /** A short name, such as `'test 17'`. */
  readonly label?: string | undefined;
}

/**
 * How to draw all groups at once: `'blend'` is the sum over k of color_k m_k z_k, which shows undecided elements in mixed
 * colors (of color_k m_k for images with channels, whose predictions have colors of their own); `'winner'` is the full color of each element's winning group, the argmax over k of m_k.
 */
export type GroupView = 'blend' | 'winner';

/** @throws VizError `INVALID_OPTION` if a view is unknown */
export function checkView(caller: string, view: GroupView): void {
  if (view === 'blend' || view === 'winner') return;
  throw new VizError('INVALID_OPTION', `${caller}: view: expected 'blend' or 'winner', got '${String(view)}'.`);
}

/** The segment number of elements that are not scored, such as background and overlap in Shapes. */
export const IGNORED_SEGMENT = 255;

/** Sizes that all examples of a figure share. */
export interface GroupSizes {
  readonly height: number;
  readonly width: number;
  /** C */
  readonly channels: number;
  /** P = height * width */
  readonly size: number;
  /** K, the largest over all examples and iterations. */
  readonly groups: number;
  /** T */
  readonly iterations: number;
}

/**
 * Validates examples and returns the sizes that they share.
 *
 * @param caller function name for error messages
 * @throws VizError `INVALID_OPTION`, `INVALID_SHAPE` or `NON_FINITE`
 */
export function checkExamples(
  caller: string,
  inputShape: readonly number[],
  examples: readonly GroupExample[],
): GroupSizes {
  const [height, width, channels = 1] = inputShape;
  if (
    (inputShape.length !== 2 && inputShape.length !== 3) ||
    height === undefined ||
    width === undefined ||
    !inputShape.every((side) => Number.isInteger(side) && side > 0)
  ) {
    throw new VizError(
      'INVALID_OPTION',
      `${caller}: inputShape: expected [height, width] or [height, width, channels], positive integers, got [${inputShape.join(', ')}].`,
    );
  }
  const first = examples[0];
  if (first === undefined) {
    throw new VizError('INVALID_OPTION', `${caller}: expected at least one example, got none.`);
  }
  const size = height * width;
  const values = size * channels;
  const iterations = first.iterations.length;
  let groups = 0;
  examples.forEach((example, index) => {
    const where = `${caller}: examples[${index}]`;
    checkArray(`${where}.input`, example.input, values);
    if (example.corrupted !== undefined) checkArray(`${where}.corrupted`, example.corrupted, values);
    if (example.segments !== undefined) checkArray(`${where}.segments`, example.segments, size);
    if (example.iterations.length !== iterations) {
      throw new VizError(
        'INVALID_SHAPE',
        `${where}.iterations: expected ${iterations}, as in examples[0], got ${example.iterations.length}.`,
      );
    }
    example.iterations.forEach(({ prediction, assignment }, iteration) => {
      const at = `${where}.iterations[${iteration}]`;
      const count = prediction.length / values;
      if (!Number.isInteger(count) || count === 0) {
        throw new VizError(
          'INVALID_SHAPE',
          `${at}.prediction: expected [K, ${values}] values, a multiple of ${inputShape.join(' x ')} = ${values}, ` +
            `got ${prediction.length}.`,
        );
      }
      checkArray(`${at}.prediction`, prediction, prediction.length);
      checkArray(`${at}.assignment`, assignment, count * size);
      groups = Math.max(groups, count);
    });
  });
  return { height, width, channels, size, groups, iterations };
}

function checkArray(what: string, values: ArrayLike<number>, length: number): void {
  if (values.length !== length) {
    throw new VizError('INVALID_SHAPE', `${what}: expected ${length} values, got ${values.length}.`);
  }
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new VizError('NON_FINITE', `${what}: element ${i} is ${values[i]}; only finite values can be drawn.`);
    }
  }
}

/** Writes an AMI with two decimals; a dash for NaN. */
export function formatAmi(ami: number): string {
  return Number.isFinite(ami) ? ami.toFixed(2).replace('-0.00', '0.00').replace('-', '\u2212') : '\u2013';
}
