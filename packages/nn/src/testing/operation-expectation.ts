import type { OperationAttributes } from '../operation';
import type { OperationCheck, ReferenceTensor } from './operation-check';

/** The gradient of an output with respect to an input. */
export interface ExpectedGradient {
  /** The elements of the input, row-major. */
  readonly elements: readonly number[];
  readonly data: Float64Array;
  /**
   * For a scalar input, whose gradient is a sum over the elements of the output, g_j dy_j / dx: the root of the sum of the
   * terms' squares.
   */
  readonly terms?: number;
}

/** The expected results of an operation, computed by its reference in float64. */
export interface OperationExpectation {
  /** The inputs, rounded to float32. */
  readonly exact: Readonly<Record<string, ReferenceTensor>>;
  /** The outputs. */
  readonly outputs: readonly ReferenceTensor[];
  /** For each output the cotangent, and the gradient of each input that is not a constant, if elements were requested. */
  readonly gradients: readonly {
    readonly cotangent: Float64Array;
    readonly byInput: Readonly<Record<string, ExpectedGradient>>;
  }[];
}

/** Cached by check and number of elements: a check runs on many backends, and its reference is the same for all. */
const known = new WeakMap<object, Map<number, OperationExpectation>>();

/**
 * The expected results of a check: outputs, and gradients by central differences of the reference. Computed once per check,
 * which must not change.
 *
 * @param gradientElements the number of elements of each input to take gradients of
 */
export function operationExpectation<Attributes extends OperationAttributes>(
  check: OperationCheck<Attributes>,
  gradientElements: number,
): OperationExpectation {
  const ofCheck = known.get(check) ?? new Map<number, OperationExpectation>();
  known.set(check, ofCheck);
  const expectation = ofCheck.get(gradientElements) ?? compute(check, gradientElements);
  ofCheck.set(gradientElements, expectation);
  return expectation;
}

function compute<Attributes extends OperationAttributes>(
  { inputs, attributes, reference, constants = [] }: OperationCheck<Attributes>,
  gradientElements: number,
): OperationExpectation {
  const exact: OperationExpectation['exact'] = Object.fromEntries(
    Object.entries(inputs).map(([key, { shape, data }]) => [
      key,
      { shape, data: Float64Array.from(Float32Array.from(data)) },
    ]),
  );
  const outputs = reference(exact, attributes);
  const trained = Object.keys(inputs).filter((key) => !constants.includes(key));
  const gradients = outputs.map(({ data }, i) => {
    // A fixed, uneven cotangent: a gradient that mixes up elements cannot hide.
    const cotangent = Float64Array.from(data, (_, j) => Math.fround(Math.sin(1.7 * j + 0.3) + 0.25));
    const byInput = Object.fromEntries(
      trained.map((key) => {
        const { shape, data: values } = exact[key] as ReferenceTensor;
        const elements = spread(values.length, gradientElements);
        const output = (changed: OperationExpectation['exact']) =>
          (reference(changed, attributes)[i] as ReferenceTensor).data;
        const slopes = differentiate(exact, key, elements, (changed) => dot(cotangent, output(changed)));
        const terms = shape.length === 0 ? sizeOfTerms(exact, key, cotangent, output) : undefined;
        return [key, { elements, data: slopes, ...(terms !== undefined && { terms }) }];
      }),
    );
    return { cotangent, byInput };
  });
  return { exact, outputs, gradients };
}

/** At most `count` of the indices below `size`, evenly spread, in order. */
function spread(size: number, count: number): number[] {
  if (count >= size) return Array.from({ length: size }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * size) / count));
}

/** Central differences with a step that balances truncation and rounding in float64. */
function differentiate(
  at: Readonly<Record<string, ReferenceTensor>>,
  key: string,
  elements: readonly number[],
  f: (inputs: Readonly<Record<string, ReferenceTensor>>) => number,
): Float64Array {
  const { shape, data } = at[key] as ReferenceTensor;
  return Float64Array.from(elements, (j) => {
    const value = data[j] as number;
    const step = stepAt(value);
    const move = (to: number) => {
      const moved = data.slice();
      moved[j] = to;
      return f({ ...at, [key]: { shape, data: moved } });
    };
    return (move(value + step) - move(value - step)) / (2 * step);
  });
}

/** The root of the sum of the squares of g_j dy_j / dx, for a scalar x. */
function sizeOfTerms(
  at: Readonly<Record<string, ReferenceTensor>>,
  key: string,
  cotangent: Float64Array,
  output: (inputs: Readonly<Record<string, ReferenceTensor>>) => Float64Array,
): number {
  const x = (at[key] as ReferenceTensor).data[0] as number;
  const step = stepAt(x);
  const move = (to: number) => output({ ...at, [key]: { shape: [], data: Float64Array.of(to) } });
  const [above, below] = [move(x + step), move(x - step)];
  const slope = (j: number) => ((above[j] as number) - (below[j] as number)) / (2 * step);
  return Math.sqrt(cotangent.reduce((sum, g, j) => sum + (g * slope(j)) ** 2, 0));
}

function stepAt(value: number): number {
  return 1e-5 * Math.max(1, Math.abs(value));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
