import { ladder } from '@taggerjs/ladder';
import { COMBINATOR_GATES, NORMS, type CombinatorGate, type Norm } from '@taggerjs/nn';
import { uneven } from '@taggerjs/nn/testing';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { readParameters, setParameters } from '../make-model';
import type { ParityCase, Quantity } from '../parity-case';
import { centralDifferences, spreadIndices } from '../reference/central-differences';
import { ladder64 } from '../reference/ladder64';
import { named, tensor64, type Tensors64 } from '../reference/tensor64';
import { MODEL_GRADIENT, MODEL_VALUE } from '../tolerances';
import { unevenParameters } from './uneven-parameters';
import { valueQuantity } from './value-quantity';

const HIDDEN = 37;
const SIZES = [20, 11];
const ROWS = 12;

/** The Ladder with both gates and both norms, returning its classes, with the gradients of every parameter and the input. */
export function ladderCases(): ParityCase[] {
  return COMBINATOR_GATES.flatMap((gate) =>
    NORMS.map((norm) => ({
      name: `Ladder, ${gate} gate, ${norm} norm, classes`,
      group: 'ladder' as const,
      operations: [],
      tolerance: { value: MODEL_VALUE, gradient: MODEL_GRADIENT },
      run: () => runLadder(gate, norm),
    })),
  );
}

async function runLadder(gate: CombinatorGate, norm: Norm) {
  const quantities: Quantity[] = [];
  const mapping = ladder({ sizes: SIZES, gate, classes: (SIZES.at(-1) as number) - 1 }).create({
    hiddenSize: HIDDEN,
    norm,
    random: createRandom('parity'),
  });
  const input = tensor64([ROWS, HIDDEN], Float32Array.from(uneven([ROWS, HIDDEN], { from: 0, to: 1.5 }).data));
  const hidden = tf.tensor2d(Float32Array.from(input.data), [ROWS, HIDDEN]);
  const context = {
    iteration: 0,
    training: true,
    statistics: 'batch',
    groups: 3,
    random: createRandom('parity'),
  } as const;
  try {
    const variables = mapping.parameters();
    setParameters(variables, unevenParameters(await readParameters(variables)));
    const at: Tensors64 = { hidden: input, ...(await readParameters(variables)) };
    const evaluate = (tensors: Tensors64) =>
      ladder64(named(tensors, 'hidden'), tensors, { layers: SIZES.length, gate, norm });

    const cotangent = Float32Array.from(uneven([ROWS, HIDDEN], { seed: 5 }).data);
    const { right, gradients } = expectationOf(`${gate} ${norm}`, at, evaluate, cotangent);
    const { output, classProbabilities } = mapping.apply(hidden, context);
    for (const [label, tensor, expected] of [
      ['output', output, right.output],
      ['class probabilities', classProbabilities as tf.Tensor2D, right.top],
    ] as const) {
      quantities.push(await valueQuantity(label, tensor, expected));
    }
    tf.dispose([output, classProbabilities as tf.Tensor2D]);

    const dy = tf.tensor2d(cotangent, [ROWS, HIDDEN]);
    const { value, grads } = tf
      .engine()
      .gradients(() => mapping.apply(hidden, context).output, [hidden, ...Object.values(variables)], dy, true);
    for (const [i, name] of ['hidden', ...Object.keys(variables)].entries()) {
      const tensor = named(at, name);
      const { elements, expected } = gradients[name] as Expectation['gradients'][string];
      const gradient = grads[i];
      const data = gradient ? await gradient.data() : undefined;
      quantities.push({
        label: `gradient for '${name}'`,
        kind: 'gradient',
        actual: elements.map((element) => data?.[element] ?? 0),
        expected,
        ...(gradient && { shapes: { actual: gradient.shape, expected: tensor.shape } }),
      });
      gradient?.dispose();
    }
    tf.dispose([value, dy]);
  } finally {
    hidden.dispose();
    mapping.dispose();
  }
  return { quantities };
}

interface Expectation {
  readonly right: ReturnType<typeof ladder64>;
  readonly gradients: Readonly<
    Record<string, { readonly elements: readonly number[]; readonly expected: Float64Array }>
  >;
}

/** References by case: computed once for all backends. */
const expectations = new Map<string, Expectation>();

function expectationOf(
  name: string,
  at: Tensors64,
  evaluate: (tensors: Tensors64) => ReturnType<typeof ladder64>,
  cotangent: Float32Array,
): Expectation {
  const known = expectations.get(name);
  if (known) return known;
  const gradients = Object.fromEntries(
    Object.entries(at).map(([path, { data }]) => {
      const elements = spreadIndices(data.length, 6);
      const expected = centralDifferences(at, path, elements, (tensors) =>
        evaluate(tensors).output.data.reduce((sum, y, j) => sum + y * (cotangent[j] as number), 0),
      );
      return [path, { elements, expected }];
    }),
  );
  const expectation = { right: evaluate(at), gradients };
  expectations.set(name, expectation);
  return expectation;
}
