import type { Batch } from '@taggerjs/datasets';
import { classificationCost, TaggerError } from '@taggerjs/nn';
import type { Random } from '@taggerjs/random';
import type { Tagger } from '@taggerjs/tagger';
import * as tf from '@tensorflow/tfjs-core';

import { gradientsOf } from '../optimizer/gradients';
import { targetsOf } from './labeled-batches';

/** The first NaN or infinite number of a step. */
export interface NonFinite {
  /** Iteration of the TAG loop, 1-based. Only for a Tagger. */
  readonly iteration?: number;
  /** The tensor: `inputs`, `prediction`, `assignment`, `cost`, `parameter 'W_h'`, `gradient of 'W_h'`, ... */
  readonly tensor: string;
  /** Human-readable: which element, and its value. */
  readonly problem: string;
}

/** The step to search. */
export interface SuspectStep {
  readonly tagger: Tagger;
  readonly batch: Batch;
  /** The labeled examples of the step, if any. */
  readonly labeled?: Batch;
  /** Random numbers of the step: the same stream at each call. */
  readonly random: () => Random;
}

/** The outputs of an iteration, in the order of computation. */
const OUTPUTS = [
  'modelingError',
  'assignmentLikelihood',
  'classProbabilities',
  'prediction',
  'assignment',
  'cost',
] as const;

/** The first input of a batch that is not finite, if any. */
export function findNonFiniteInput(batch: Batch): NonFinite | undefined {
  const at = indexOfNonFinite(batch.inputs);
  if (at < 0) return undefined;
  const size = batch.inputs.length / batch.size;
  const example = batch.indices[Math.floor(at / size)];
  const problem = `element ${at % size} of example ${example} of the data is ${batch.inputs[at]}`;
  return { iteration: 1, tensor: 'inputs', problem };
}

/**
 * Repeats a step without its update to find the first number that is not finite: in inputs, parameters, the outputs of each
 * iteration, and the gradients of each iteration's cost.
 */
export async function findNonFinite({ tagger, batch, labeled, random }: SuspectStep): Promise<NonFinite> {
  const input = findNonFiniteInput(batch) ?? (labeled && findNonFiniteInput(labeled));
  if (input) return input;
  const parameters = tagger.parameters();
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = await nonFiniteIn(parameter);
    if (value !== undefined) return found(1, `parameter '${name}'`, value);
  }

  const x = tf.tensor2d(batch.inputs, [batch.size, tagger.inputSize]);
  try {
    const output = tagger.run(x, {
      random: random(),
      statistics: 'batch',
      keep: ['modelingError', 'assignmentLikelihood'],
    });
    try {
      for (const [i, iteration] of output.iterations.entries()) {
        for (const name of OUTPUTS) {
          const tensor = iteration[name];
          const value = tensor && (await nonFiniteIn(tensor));
          if (value !== undefined) return found(i + 1, name, value);
        }
      }
    } finally {
      tf.dispose(output);
    }
    for (let i = 0; i < tagger.config.iterations; i++) {
      const { cost, gradients } = gradientsOf(
        () => tagger.run(x, { random: random(), training: true, iterations: i + 1 }).iterations[i]?.cost as tf.Scalar,
        parameters,
      );
      try {
        for (const [name, gradient] of Object.entries(gradients)) {
          const value = await nonFiniteIn(gradient);
          if (value !== undefined) return found(i + 1, `gradient of '${name}'`, value);
        }
      } finally {
        tf.dispose([cost, gradients]);
      }
    }
  } finally {
    x.dispose();
  }
  const last = tagger.config.iterations;
  if (labeled) {
    const { cost, gradients } = gradientsOf(() => {
      const rows = tf.tensor2d(labeled.inputs, [labeled.size, tagger.inputSize]);
      const { classPosterior } = tagger.run(rows, { random: random().fork('labelled'), training: true });
      const targets = targetsOf(labeled, (classPosterior as tf.Tensor2D).shape[1]);
      return classificationCost(classPosterior as tf.Tensor2D, targets);
    }, parameters);
    try {
      for (const [name, tensor] of Object.entries({ cost, ...gradients })) {
        const value = await nonFiniteIn(tensor);
        if (value === undefined) continue;
        return found(last, name === 'cost' ? 'classCost' : `gradient of '${name}' by the classification cost`, value);
      }
    } finally {
      tf.dispose([cost, gradients]);
    }
  }
  return { iteration: last, ...NOTHING_FOUND };
}

/** Every number is finite, but the norm of the gradients is not. */
export const NOTHING_FOUND = {
  tensor: 'gradients',
  problem: 'their sum of squares overflows float32, though each of them is finite',
};
/** The error that ends training at such a step. */
export function nonFiniteError(
  where: string,
  step: number,
  { iteration, tensor, problem }: NonFinite,
  skipped: number,
): TaggerError {
  const at = iteration === undefined ? '' : `iteration ${iteration}, `;
  const allowed = skipped > 0 ? ` ${skipped} such steps were skipped before, as many as skipNonFinite allows.` : '';
  return new TaggerError(
    'NON_FINITE',
    `${where}: at step ${step}, ${at}tensor ${tensor}: ${problem}.${allowed} The step changed no ` +
      'parameter. Lower the learning rate, clip gradients (clipNorm), check the data for NaN, or skip such steps ' +
      '(skipNonFinite).',
  );
}

function found(iteration: number, tensor: string, value: NonFiniteValue): NonFinite {
  return { iteration, tensor, problem: problemOf(value) };
}

/** A value that is not finite, and its index in its tensor. */
export interface NonFiniteValue {
  readonly at: number;
  readonly value: number;
  readonly size: number;
}

/** Describes such a value. */
export function problemOf({ at, value, size }: NonFiniteValue): string {
  return size > 1 ? `element ${at} of ${size} is ${value}` : `it is ${value}`;
}

/** The first value of a tensor that is not finite. */
export async function nonFiniteIn(tensor: tf.Tensor): Promise<NonFiniteValue | undefined> {
  const values = (await tensor.data()) as Float32Array;
  const at = indexOfNonFinite(values);
  return at < 0 ? undefined : { at, value: values[at] as number, size: values.length };
}

function indexOfNonFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
