import * as tf from '@tensorflow/tfjs-core';

import type { BackendUnderTest } from './backend-under-test';
import { parityCases } from './cases/parity-cases';
import { measureError, type ErrorFigures } from './measure-error';
import type { CaseContext, ParityCase, Quantity } from './parity-case';
import type { BackendResult, CaseResult, ParityReport } from './parity-report';
import { ownKernels, withoutKernels } from './without-kernels';

/** Options of {@link runParity}. */
export interface ParityOptions {
  /** The backends, run one after the other. */
  readonly backends: readonly BackendUnderTest[];
  /** The cases. @default all of this package */
  readonly cases?: readonly ParityCase[];
  /** Whether to run with custom kernels, without, or both. @default both */
  readonly kernels?: readonly ('on' | 'off')[];
  /** The machine, for the report: `processor`, `system`. @default {} */
  readonly machine?: Readonly<Record<string, string>>;
  /** Called with each result. */
  readonly onResult?: (result: CaseResult) => void;
}

/**
 * Runs every case on every available backend, with custom kernels on and off, and compares the results with float64 references.
 * Disagreements do not throw: read them from the report with `disagreements(report)`.
 *
 * The suite leaves no tensors behind, so backends can run in one process. `tagger parity` uses a process for each.
 */
export async function runParity({
  backends,
  cases = parityCases(),
  kernels = ['on', 'off'],
  machine = {},
  onResult = () => {},
}: ParityOptions): Promise<ParityReport> {
  const backendResults: BackendResult[] = [];
  const results: CaseResult[] = [];
  for (const under of backends) {
    const one = await runBackend(under, cases, kernels, (result) => {
      results.push(result);
      onResult(result);
    });
    backendResults.push(one);
  }
  return {
    version: 1,
    date: new Date().toISOString(),
    machine: { ...machine, 'tfjs-core': tf.version_core },
    backends: backendResults,
    results,
    tolerances: Object.fromEntries(cases.map(({ name, tolerance }) => [name, tolerance])),
  };
}

async function runBackend(
  under: BackendUnderTest,
  cases: readonly ParityCase[],
  modes: readonly ('on' | 'off')[],
  report: (result: CaseResult) => void,
): Promise<BackendResult> {
  let result: BackendResult = { name: under.name };
  for (const mode of modes) {
    // A backend without custom kernels has nothing to turn off.
    if (mode === 'off' && result.ownKernels?.length === 0) continue;
    let inUse;
    try {
      inUse = await under.setUp(mode);
    } catch (error) {
      result = { name: under.name, unavailable: messageOf(error).replace(/\.$/, '') };
      break;
    }
    const { backend, description } = inUse;
    const own = ownKernels(backend);
    if (result.description === undefined || mode === 'on') {
      result = { name: under.name, description, ...(mode === 'on' && { ownKernels: own }) };
    }
    const restore = mode === 'off' ? withoutKernels(backend) : () => {};
    try {
      const shown = mode === 'on' && own.length === 0 ? 'none' : mode;
      for (const one of cases) report(await runCase(one, under.name, { backend, kernels: mode }, shown));
    } finally {
      restore();
      await under.tearDown();
    }
  }
  return result;
}

/** Runs one case. Errors become its result. */
async function runCase(
  parityCase: ParityCase,
  name: string,
  context: CaseContext,
  kernels: CaseResult['kernels'],
): Promise<CaseResult> {
  const { operations, group, tolerance } = parityCase;
  const about = { case: parityCase.name, group, operations, backend: name, kernels };
  const reason = parityCase.cannotRun?.(context);
  if (reason !== undefined) return { ...about, outcome: 'cannot run', message: reason };
  const before = tf.memory().numTensors;
  try {
    const { quantities, notes } = await parityCase.run(context);
    const value = worst(quantities, 'value', tolerance);
    const gradient = worst(quantities, 'gradient', tolerance);
    const wrong = [value, gradient].find((one) => one && !one.figures.agrees);
    const leaked = tf.memory().numTensors - before;
    return {
      ...about,
      outcome: wrong || leaked !== 0 ? 'disagrees' : 'agrees',
      ...(value && { value: value.figures }),
      ...(gradient && { gradient: gradient.figures }),
      ...(wrong?.quantity.operation !== undefined && { fault: wrong.quantity.operation }),
      ...(wrong
        ? {
            message: `${wrong.figures.label}: ${wrong.figures.where}; allowed is ${wrong.figures.allowed.toExponential(2)}`,
          }
        : leaked !== 0
          ? { message: `${leaked} tensors leaked` }
          : {}),
      ...(notes && notes.length > 0 && { notes }),
    };
  } catch (error) {
    const [only] = operations;
    return {
      ...about,
      outcome: 'disagrees',
      ...(operations.length === 1 && only !== undefined && { fault: only }),
      message: `it threw: ${messageOf(error)}`,
    };
  }
}

/** The tensor with the largest error relative to its tolerance. */
function worst(
  quantities: readonly Quantity[],
  kind: 'value' | 'gradient',
  tolerance: ParityCase['tolerance'],
): { quantity: Quantity; figures: ErrorFigures } | undefined {
  const share = ({ absolute, allowed }: ErrorFigures) =>
    absolute === null ? Infinity : absolute === 0 ? 0 : absolute / allowed;
  return quantities
    .filter((quantity) => quantity.kind === kind)
    .map((quantity) => ({ quantity, figures: measureError(quantity, tolerance[kind]) }))
    .reduce<{ quantity: Quantity; figures: ErrorFigures } | undefined>(
      (most, one) => (most === undefined || share(one.figures) > share(most.figures) ? one : most),
      undefined,
    );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
