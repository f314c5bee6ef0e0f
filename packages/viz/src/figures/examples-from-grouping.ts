import type { GroupExample } from '../group-example';
import { VizError } from '../viz-error';

/** The groups of a batch of inputs as plain arrays, as `group` of `@taggerjs/tagger` returns them. */
export interface BatchGrouping {
  /** Number of inputs B. */
  readonly size: number;
  /** Number of groups K. */
  readonly groups: number;
  /** Elements of an input N. */
  readonly inputSize: number;
  /** C: channels of a pixel, so P = N/C. @default 1 */
  readonly channels?: number;
  /** The inputs as the model saw them, corrupted or not. [B, N] */
  readonly corrupted: ArrayLike<number>;
  /** One entry per iteration. */
  readonly iterations: readonly {
    /** Predicted inputs z. [K, B, N] */
    readonly prediction: ArrayLike<number>;
    /** Assignments m. [K, B, P] */
    readonly assignment: ArrayLike<number>;
  }[];
}

/** Options of {@link examplesFromGrouping}. */
export interface ExamplesFromGroupingOptions {
  /** [B, N] clean inputs. */
  readonly inputs: ArrayLike<number>;
  /** [B, P] true segments. */
  readonly segments?: ArrayLike<number> | undefined;
  /** The AMI of each example at each iteration: an array of B numbers per iteration. */
  readonly amis?: readonly ArrayLike<number>[] | undefined;
  /** A short name for each of the B examples. */
  readonly labels?: readonly string[] | undefined;
  /** Which examples of the batch to take, in this order. @default all */
  readonly indices?: ArrayLike<number> | undefined;
}

/**
 * Splits a batch into examples for {@link groupFigure} and {@link terminalPreview}: [K, B, any] to [K, any] each. Omits the
 * corrupted inputs if they equal the inputs.
 *
 * @param grouping groups of a batch
 * @param options the inputs, and optional segments, scores and labels
 * @throws VizError `INVALID_SHAPE` when an array has the wrong length, `INVALID_OPTION` when an index is out of range
 */
export function examplesFromGrouping(grouping: BatchGrouping, options: ExamplesFromGroupingOptions): GroupExample[] {
  const { size: B, groups: K, inputSize: N, channels = 1, corrupted, iterations } = grouping;
  const P = N / channels;
  const { inputs, segments, amis, labels } = options;
  checkLength('inputs', inputs, B * N, '[B, N]');
  checkLength('corrupted', corrupted, B * N, '[B, N]');
  if (segments !== undefined) checkLength('segments', segments, B * P, '[B, P]');
  if (labels !== undefined) checkLength('labels', labels, B, '[B]');
  if (amis !== undefined) checkLength('amis', amis, iterations.length, 'one array for each iteration');
  iterations.forEach(({ prediction, assignment }, i) => {
    checkLength(`iterations[${i}].prediction`, prediction, K * B * N, '[K, B, N]');
    checkLength(`iterations[${i}].assignment`, assignment, K * B * P, '[K, B, P]');
    if (amis !== undefined) checkLength(`amis[${i}]`, amis[i] as ArrayLike<number>, B, '[B]');
  });

  const wasCorrupted = some(inputs, (value, n) => value !== corrupted[n]);
  return Array.from(options.indices ?? Array.from({ length: B }, (_, b) => b), (b) => {
    if (!Number.isInteger(b) || b < 0 || b >= B) {
      throw new VizError('INVALID_OPTION', `examplesFromGrouping: indices: expected 0 .. ${B - 1}, got ${b}.`);
    }
    // [B, n] -> [n]
    const ofExample = (values: ArrayLike<number>, n = N) =>
      Float32Array.from({ length: n }, (_, i) => values[b * n + i] as number);
    // [K, B, n] -> [K, n]
    const ofGroups = (values: ArrayLike<number>, n: number) =>
      Float32Array.from({ length: K * n }, (_, i) => values[(Math.floor(i / n) * B + b) * n + (i % n)] as number);
    return {
      input: ofExample(inputs),
      corrupted: wasCorrupted ? ofExample(corrupted) : undefined,
      segments: segments === undefined ? undefined : Uint8Array.from(ofExample(segments, P)),
      label: labels?.[b],
      iterations: iterations.map(({ prediction, assignment }, i) => ({
        prediction: ofGroups(prediction, N),
        assignment: ofGroups(assignment, P),
        ami: amis?.[i]?.[b],
      })),
    };
  });
}

function checkLength(what: string, values: ArrayLike<unknown>, length: number, shape: string): void {
  if (values.length !== length) {
    throw new VizError(
      'INVALID_SHAPE',
      `examplesFromGrouping: ${what}: expected ${length} values, ${shape}, got ${values.length}.`,
    );
  }
}

function some(values: ArrayLike<number>, test: (value: number, index: number) => boolean): boolean {
  for (let i = 0; i < values.length; i++) if (test(values[i] as number, i)) return true;
  return false;
}
