import { weightedSum } from '@taggerjs/nn';
import type { ReferenceTensor } from '@taggerjs/nn/testing';
import * as tf from '@tensorflow/tfjs-core';

import { makeInputs, makeModel, setParameters } from '../make-model';
import type { Quantity, Tolerance } from '../parity-case';
import type { Inputs64, ModelDescription, Output64 } from '../reference/tagger64';
import type { Tensors64 } from '../reference/tensor64';
import { valueQuantity } from './value-quantity';

/** The expected gradient of one parameter, at some elements. */
export interface ExpectedGradient {
  readonly shape: readonly number[];
  /** Which elements, row-major. @default all */
  readonly elements?: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The expected results of a whole Tagger. */
export interface ExpectedModel {
  readonly output: Omit<Output64, 'iterations'> & {
    readonly iterations: readonly Omit<Output64['iterations'][number], 'logM'>[];
  };
  /** Gradients of the cost, plus `classWeight` times the classification cost, if there is one. */
  readonly gradients: Readonly<Record<string, ExpectedGradient>>;
  readonly classWeight?: number;
  readonly gradientTolerance?: Tolerance;
}

/** Runs a Tagger on the current backend: every intermediate, every cost, the gradient of every parameter. */
export async function modelQuantities(
  description: ModelDescription,
  { parameters, inputs }: { readonly parameters: Tensors64; readonly inputs: Inputs64 },
  expected: ExpectedModel,
): Promise<Quantity[]> {
  const tagger = makeModel(description);
  const { targets, ...tensors } = makeInputs(inputs);
  const quantities: Quantity[] = [];
  const value = async (label: string, tensor: tf.Tensor, right: ReferenceTensor | number) => {
    const { shape, data } = typeof right === 'number' ? { shape: [], data: [right] } : right;
    quantities.push(await valueQuantity(label, tensor, { shape, data }));
  };
  try {
    const variables = tagger.parameters();
    setParameters(variables, parameters);
    const output = tagger.iterate(tensors, {
      statistics: 'batch',
      keep: ['modelingError', 'assignmentLikelihood'],
      ...(targets && { targets }),
    });
    for (const [i, iteration] of output.iterations.entries()) {
      const right = expected.output.iterations[i];
      if (right === undefined)
        throw new Error(`modelQuantities: ${output.iterations.length} iterations, but the reference has fewer`);
      const of = `of iteration ${i + 1}`;
      await value(`dz ${of}`, iteration.modelingError as tf.Tensor, right.dz);
      await value(`L ${of}`, iteration.assignmentLikelihood as tf.Tensor, right.L);
      await value(`z ${of}`, iteration.prediction, right.z);
      await value(`m ${of}`, iteration.assignment, right.m);
      if (iteration.classProbabilities) await value(`top ${of}`, iteration.classProbabilities, right.top);
      await value(`cost ${of}`, iteration.cost, right.cost);
    }
    if (output.classPosterior && expected.output.classPosterior) {
      await value('class posterior', output.classPosterior, expected.output.classPosterior);
    }
    if (output.classCost && expected.output.classCost !== undefined) {
      await value('class cost', output.classCost, expected.output.classCost);
    }
    tf.dispose(output);

    const { value: total, grads } = tf.variableGrads(() => {
      const { cost, classCost } = tagger.iterate(tensors, { training: true, ...(targets && { targets }) });
      return classCost === undefined ? cost : weightedSum([cost, classCost], [1, expected.classWeight ?? 1]);
    }, Object.values(variables));
    for (const [name, variable] of Object.entries(variables)) {
      const right = expected.gradients[name];
      if (right === undefined) throw new Error(`modelQuantities: the reference has no gradient of '${name}'`);
      const all = await (grads[variable.name] as tf.Tensor).data();
      quantities.push({
        label: `gradient of '${name}'`,
        kind: 'gradient',
        actual: right.elements ? right.elements.map((i) => all[i] as number) : all,
        expected: right.data,
        shapes: { actual: variable.shape, expected: right.shape },
        ...(expected.gradientTolerance && { tolerance: expected.gradientTolerance }),
      });
    }
    tf.dispose([total, grads]);
  } finally {
    tf.dispose([tensors, targets ?? []]);
    tagger.dispose();
  }
  return quantities;
}
