import { useBackend } from '@taggerjs/backends';
import type { MappingComponent, ParametricMapping } from '@taggerjs/mapping';
import { checkMapping, type CheckMappingOptions } from '@taggerjs/mapping/testing';
import type { Norm } from '@taggerjs/nn';
import { NORMS } from '@taggerjs/nn';
import { uneven } from '@taggerjs/nn/testing';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { CaseContext, ParityCase, Quantity } from '../parity-case';
import { MODEL_GRADIENT, MODEL_VALUE } from '../tolerances';

/** A custom mapping for the suite. */
export interface MappingUnderTest {
  /** Its name in the report, such as its module path. */
  readonly name: string;
  /** The mapping. */
  readonly component: MappingComponent;
  /** The registry that resolves its JSON, for the conformance kit. */
  readonly registries?: CheckMappingOptions['registries'];
  /** The hidden size H that it is designed for. @default 24 */
  readonly hiddenSize?: number;
}

const GROUPS = 3;
const BATCH = 4;

/**
 * Cases of a custom mapping: whether it keeps the contract, on every backend; and whether its values, and the gradients of
 * all parameters and the input, match those on TensorFlow.js's `cpu` backend, which computes in float64 and rounds what it
 * stores. The backend `cpu` must be registered.
 */
export function mappingCases({ name, component, registries, hiddenSize = 24 }: MappingUnderTest): ParityCase[] {
  return NORMS.flatMap((norm): ParityCase[] => [
    {
      name: `${name}, ${norm} norm: conformance`,
      group: 'mapping',
      operations: [],
      tolerance: { value: MODEL_VALUE, gradient: MODEL_GRADIENT },
      async run() {
        await checkMapping(component, { norm, ...(registries && { registries }) });
        return { quantities: [] };
      },
    },
    {
      name: `${name}, ${norm} norm: as on cpu`,
      group: 'mapping',
      operations: [],
      tolerance: { value: MODEL_VALUE, gradient: MODEL_GRADIENT },
      cannotRun: ({ backend }) => (backend === 'cpu' ? 'it is what the others are compared with' : undefined),
      run: (context) => runMapping(component, norm, hiddenSize, context),
    },
  ]);
}

async function runMapping(component: MappingComponent, norm: Norm, hiddenSize: number, { backend }: CaseContext) {
  const compute = () => computeMapping(component, norm, hiddenSize);
  let right;
  try {
    await useBackend('cpu');
    right = await compute();
  } finally {
    await tf.setBackend(backend);
  }
  const came = await compute();
  const quantities = Object.entries(right).map(([label, { kind, shape, data }]): Quantity => ({
    label,
    kind,
    actual: came[label]?.data ?? [],
    expected: data,
    shapes: { actual: came[label]?.shape ?? [], expected: shape },
  }));
  return { quantities };
}

type Results = Record<string, { kind: 'value' | 'gradient'; shape: readonly number[]; data: ArrayLike<number> }>;

async function computeMapping(component: MappingComponent, norm: Norm, hiddenSize: number): Promise<Results> {
  const rows = GROUPS * BATCH;
  const results: Results = {};
  let mapping: ParametricMapping | undefined;
  const hidden = tf.tensor2d(uneven([rows, hiddenSize], { from: 0, to: 1.5 }).data, [rows, hiddenSize]);
  const dy = tf.tensor2d(uneven([rows, hiddenSize], { seed: 5 }).data, [rows, hiddenSize]);
  try {
    const made = component.create({ hiddenSize, norm, random: createRandom('parity') });
    mapping = made;
    const context = {
      iteration: 0,
      training: true,
      statistics: 'batch',
      groups: GROUPS,
      random: createRandom('parity').fork('call'),
    } as const;
    const { output, classProbabilities } = made.apply(hidden, context);
    for (const [label, tensor] of Object.entries({ output, ...(classProbabilities && { classProbabilities }) })) {
      results[label] = { kind: 'value', shape: tensor.shape, data: await tensor.data() };
      tensor.dispose();
    }
    const variables = made.parameters();
    const { value, grads } = tf
      .engine()
      .gradients(() => made.apply(hidden, context).output, [hidden, ...Object.values(variables)], dy, true);
    for (const [i, name] of ['the input', ...Object.keys(variables)].entries()) {
      const gradient = grads[i];
      if (!gradient) continue;
      results[`gradient for ${i === 0 ? name : `'${name}'`}`] = {
        kind: 'gradient',
        shape: gradient.shape,
        data: await gradient.data(),
      };
      gradient.dispose();
    }
    value.dispose();
  } finally {
    tf.dispose([hidden, dy]);
    mapping?.dispose();
  }
  return results;
}
