import { GAUSSIAN_ERROR_FORMS } from '@taggerjs/nn';
import { uneven, unevenAssignments, unevenBits, type ReferenceTensor } from '@taggerjs/nn/testing';
import { createRandom } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import { makeNoise, readParameters } from '../make-model';
import type { ParityCase, Quantity } from '../parity-case';
import { centralDifferences, spreadIndices } from '../reference/central-differences';
import { noiseModel64, type ModelDescription } from '../reference/tagger64';
import { named, tensor64, type Tensors64 } from '../reference/tensor64';
import { EXACT, OPERATION_GRADIENT, OPERATION_VALUE } from '../tolerances';
import { valueQuantity } from './value-quantity';

/** [K, B, P]: groups, batch, pixels. */
const SHAPE = [4, 12, 100] as const;

/** Each noise model in every form, as a Tagger uses it: corruption, likelihood, modelling error, cost, and gradients. */
export function noiseCases(): ParityCase[] {
  const noises: ModelDescription['noise'][] = [
    { kind: 'bitflip', probability: 0.2 },
    ...GAUSSIAN_ERROR_FORMS.map((form) => ({ kind: 'gaussian', standardDeviation: 0.2, form }) as const),
  ];
  const cases = [1, 3].flatMap((channels) => noises.map((noise) => ({ noise, channels })));
  return cases.map(({ noise, channels }) => ({
    name: `noise ${noise.kind}${noise.kind === 'gaussian' ? `, ${noise.form}` : ''}${channels === 1 ? '' : `, ${channels} channels`}`,
    group: 'noise',
    operations: [],
    tolerance: {
      value: OPERATION_VALUE,
      gradient: { ...OPERATION_GRADIENT, absolute: 1e-8 },
    },
    run: () => runNoise(noise, channels),
  }));
}

async function runNoise(noise: ModelDescription['noise'], channels: number) {
  const [K, B, P] = SHAPE;
  const N = P * channels;
  const quantities: Quantity[] = [];
  const model = makeNoise({ noise }).create({ channels, data: { mean: 0.4, standardDeviation: 0.45 } });
  const at = float32(noise, channels);
  const tensors = Object.fromEntries(
    Object.entries(at).map(([name, { shape, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), shape as [number, number]),
    ]),
  ) as Record<'x' | 'corrupted', tf.Tensor2D> & Record<'z' | 'm' | 'logM', tf.Tensor3D>;
  try {
    const parameters = await readParameters(model.parameters());
    const reference = noiseModel64({ noise, channels }, parameters);
    const { x, corrupted, z, m, logM } = tensors;
    const of = (name: string) => named(at, name);

    // The same seed gives the same bits: a flip is exact, and a sum is rounded once, the same way everywhere.
    const random = createRandom('parity').fork('noise');
    const drawn = model.corrupt(x, random);
    const draws =
      noise.kind === 'bitflip'
        ? random.bernoulli(B * N, { probability: noise.probability })
        : random.normal(B * N, { standardDeviation: noise.standardDeviation });
    quantities.push({
      label: 'corrupted input',
      kind: 'value',
      actual: await drawn.data(),
      expected: of('x').data.map((value, i) => {
        const draw = draws[i] as number;
        return noise.kind === 'bitflip' ? Math.abs(value - draw) : Math.fround(value + draw);
      }),
      tolerance: EXACT,
    });
    drawn.dispose();

    const computed = {
      likelihood: model.assignmentLikelihood(corrupted, z),
      'modelling error': model.modelingError(corrupted, z, m, logM),
      cost: model.cost(x, z, m, logM),
    };
    const right = {
      likelihood: reference.likelihood(of('corrupted'), of('z')),
      'modelling error': reference.error(of('corrupted'), of('z'), of('m'), of('logM')),
      cost: tensor64([], [reference.cost(of('x'), of('z'), of('m'), of('logM'))]),
    };
    for (const [label, tensor] of Object.entries(computed)) {
      quantities.push(await valueQuantity(label, tensor, right[label as keyof typeof right]));
      tensor.dispose();
    }

    // One number from all three, unevenly weighted, and its gradients.
    const weights = [
      uneven([K, B, P], { seed: 9 }).data.map(Math.fround),
      uneven([K, B, N], { seed: 9 }).data.map(Math.fround),
    ] as const;
    const total64 = (values: Tensors64) => {
      const model64 = noiseModel64({ noise, channels }, values);
      const get = (name: string) => named(values, name);
      const L = model64.likelihood(get('corrupted'), get('z')).data;
      const dz = model64.error(get('corrupted'), get('z'), get('m'), get('logM')).data;
      const means = [L, dz].map(
        (result, of) => result.reduce((sum, value, i) => sum + weights[of]![i]! * value, 0) / result.length,
      );
      return means[0]! + means[1]! + model64.cost(get('x'), get('z'), get('m'), get('logM'));
    };
    const variables = model.parameters();
    const names = ['z', 'm', 'logM', ...Object.keys(variables)];
    const w = [tf.tensor3d([...weights[0]], [K, B, P]), tf.tensor3d([...weights[1]], [K, B, N])] as const;
    const dy = tf.scalar(1);
    const { value, grads } = tf.engine().gradients(
      () => {
        const L = model.assignmentLikelihood(corrupted, z);
        const dz = model.modelingError(corrupted, z, m, logM);
        return weigh(L, dz, w, model.cost(x, z, m, logM));
      },
      [z, m, logM, ...Object.values(variables)],
      dy,
      true,
    );
    for (const [i, name] of names.entries()) {
      const all = { ...at, ...parameters };
      const elements = spreadIndices(named(all, name).data.length, 12);
      const gradient = grads[i];
      const data = gradient ? await gradient.data() : undefined;
      quantities.push({
        label: `gradient for '${name}'`,
        kind: 'gradient',
        actual: elements.map((element) => data?.[element] ?? 0),
        expected: centralDifferences(all, name, elements, total64),
      });
      gradient?.dispose();
    }
    tf.dispose([value, ...w, dy]);
  } finally {
    tf.dispose(tensors);
    model.dispose();
  }
  return { quantities };
}

/** `mean of w_L L, + mean of w_dz dz, + cost`, from operations whose gradients this project defines. */
function weigh(
  L: tf.Tensor3D,
  dz: tf.Tensor3D,
  [wL, wDz]: readonly [tf.Tensor3D, tf.Tensor3D],
  cost: tf.Scalar,
): tf.Scalar {
  const mean = (w: tf.Tensor3D) =>
    tf.customGrad((...args) => {
      const [x] = args as unknown as [tf.Tensor3D];
      return {
        value: tf.mean(tf.mean(tf.mul(w, x), 2)),
        gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.div(w, w.size)),
      };
    });
  const join = tf.customGrad((...args) => {
    const [a, b] = args as unknown as [tf.Tensor, tf.Tensor];
    return { value: tf.add(a, b), gradFunc: (dy: tf.Tensor) => [tf.clone(dy), tf.clone(dy)] };
  });
  return join(join(mean(wL)(L), mean(wDz)(dz)), cost) as tf.Scalar;
}

function float32(noise: ModelDescription['noise'], channels: number): Tensors64 {
  const [K, B, P] = SHAPE;
  const N = P * channels;
  const binary = noise.kind === 'bitflip';
  const { m, logM } = unevenAssignments(SHAPE);
  const fillings: Record<string, { shape: readonly number[]; data: readonly number[] }> = {
    x: binary ? unevenBits([B, N], 1) : uneven([B, N], { from: 0, to: 1, seed: 1 }),
    corrupted: binary ? unevenBits([B, N], 2) : uneven([B, N], { from: -0.4, to: 1.4, seed: 2 }),
    z: uneven([K, B, N], { from: 0.05, to: 0.95, seed: 3 }),
    m,
    logM,
  };
  const round = ({ shape, data }: { shape: readonly number[]; data: readonly number[] }): ReferenceTensor =>
    tensor64(shape, Float32Array.from(data));
  return Object.fromEntries(Object.entries(fillings).map(([name, filling]) => [name, round(filling)]));
}
