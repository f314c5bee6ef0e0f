// Kernels trust the shapes they receive, so gradients check them too.
import { withCode } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import * as nn from '../index';
import { COMBINATOR_PARAMETERS } from './ladder/combinator';

beforeAll(() => tf.setBackend('cpu'));

const [K, B, N, R, D] = [2, 3, 4, 5, 6];
const [groups, input, rows, columns] = [[K, B, N], [B, N], [R, D], [D]];
const C = 3;
const pixels = { groups: [K, B, N * C], input: [B, N * C], shared: groups };

type Shapes = Readonly<Record<string, readonly number[]>>;
type Call = (inputs: Record<string, tf.Tensor>, attributes: object) => unknown;

/** Every exported gradient, with valid shapes and attributes. */
const GRADIENTS: readonly (readonly [name: string, shapes: Shapes, attributes?: object])[] = [
  ['reluGradientOperation', { dy: rows, y: rows }],
  ['sigmoidGradientOperation', { dy: rows, y: rows }],
  ['competeGradientOperation', { dy: rows, x: rows }, { sharpness: 1 }],
  ['softmaxGradientOperation', { dy: rows, y: rows }, { axis: 1 }],
  ['groupSoftmaxGradientOperation', { dm: groups, dLogM: groups, m: groups }],
  ['addBiasGradientOperation', { dy: rows, y: rows }],
  ['featureProductGradientOperation', { x: [R, 2 * N], dy: rows }, { constants: [NaN, 0.5] }],
  ['biasScaleGradientOperation', { dy: rows, x: rows, bias: columns, gain: columns }],
  [
    'combinatorGradientOperation',
    { dy: rows, s: rows, u: rows, ...Object.fromEntries(COMBINATOR_PARAMETERS.map((name) => [name, columns])) },
    { gate: 'sigmoid' },
  ],
  [
    'normalizeGradientOperation',
    { dy: rows, y: rows, x: rows, gain: columns, bias: [], dMean: [R], dInverseStd: [R], mean: [R], inverseStd: [R] },
    { norm: 'layer', epsilon: 1e-8, activation: 'none', hasGain: true, hasBias: true },
  ],
  ['stackFeaturesGradientOperation', { dy: [K * B, 2 * N] }, { groups: K, batch: B, size: N }],
  [
    'reconstructionCostGradientOperation',
    { dy: [], reconstruction: rows, clean: rows, mean: columns, inverseStd: columns },
    { hasStatistics: true },
  ],
  ['im2colGradientOperation', { dy: [6, 9] }, { images: 1, rows: 2, columns: 3 }],
  ['bitflipLikelihoodGradientOperation', { dy: groups, corrupted: input, z: groups, L: groups }, { probability: 0.2 }],
  [
    'bitflipPixelLikelihoodGradientOperation',
    { dy: pixels.shared, corrupted: pixels.input, z: pixels.groups, L: pixels.shared },
    { probability: 0.2, channels: C },
  ],
  [
    'bitflipPixelErrorGradientOperation',
    { dy: pixels.groups, corrupted: pixels.input, z: pixels.groups, logM: pixels.shared },
    { probability: 0.2, channels: C },
  ],
  [
    'bitflipPixelCostGradientOperation',
    { dy: [], x: pixels.input, z: pixels.groups, logM: pixels.shared },
    { probability: 0.2, channels: C },
  ],
  [
    'bitflipModelingErrorGradientOperation',
    { dy: groups, corrupted: input, z: groups, m: groups, dz: groups },
    { probability: 0.2 },
  ],
  ['bitflipCostGradientOperation', { dy: [], x: input, z: groups, m: groups }, { epsilon: 1e-4 }],
  [
    'gaussianLikelihoodGradientOperation',
    { dy: groups, corrupted: input, z: groups, logVariance: [], L: groups },
    { standardDeviation: 0.2 },
  ],
  ['gaussianResidualErrorGradientOperation', { dy: groups, corrupted: input, z: groups, m: groups }],
  [
    'gaussianAlgorithmErrorGradientOperation',
    { dy: groups, corrupted: input, z: groups, m: groups, logVariance: [] },
    { standardDeviation: 0.2 },
  ],
  [
    'gaussianExactErrorGradientOperation',
    { dy: groups, corrupted: input, z: groups, logM: groups, logVariance: [] },
    { standardDeviation: 0.2 },
  ],
  ['gaussianCostGradientOperation', { dy: [], x: input, z: groups, logM: groups, logVariance: [] }],
];

const call = (name: string, shapes: Shapes, attributes: object) =>
  tf.tidy(() => {
    const inputs = Object.entries(shapes).map(([key, shape]) => [key, tf.zeros([...shape])]);
    (nn[name as keyof typeof nn] as unknown as Call)(Object.fromEntries(inputs), attributes);
  });

it('covers every exported gradient', () => {
  const exported = Object.keys(nn).filter((name) => name.endsWith('GradientOperation'));
  expect(GRADIENTS.map(([name]) => name).sort()).toEqual(exported.sort());
});

it.each(GRADIENTS.map(([name, shapes, attributes = {}]) => ({ name, shapes, attributes })))(
  '$name refuses shapes that do not fit',
  ({ name, shapes, attributes }) => {
    expect(() => call(name, shapes, attributes)).not.toThrow();
    for (const [key, shape] of Object.entries(shapes)) {
      const longer = shape.map((_, axis) => shape.map((size, other) => (other === axis ? size + 1 : size)));
      for (const wrong of [[...shape, 2], ...longer, ...(shape.length > 0 ? [shape.slice(1)] : [])]) {
        // A gain may be a single value for all columns.
        if (name === 'normalizeGradientOperation' && key === 'gain' && wrong.length === 0) continue;
        // A product may have any number of columns.
        if (name === 'featureProductGradientOperation' && key === 'dy' && wrong.join() === [R, D + 1].join()) continue;
        expect(() => call(name, { ...shapes, [key]: wrong }, attributes)).toThrow(withCode('INVALID_SHAPE'));
      }
    }
  },
);

it('refuses zero groups', () => {
  const none = [0, B, N];
  const shapes = { x: input, z: none, logM: none, logVariance: [] };
  expect(() => call('gaussianCostOperation', shapes, {})).toThrow(withCode('INVALID_SHAPE'));
});

it.each([[[-2, -3]], [[1.5, 4]], [[0, 3]], [[6]]] as unknown as [readonly [number, number]][])(
  'im2col refuses images of %j',
  (size) => {
    const x = tf.zeros<tf.Rank.R2>([6, 1]);
    expect(() => nn.im2col(x, size)).toThrow(withCode('INVALID_OPTION'));
    x.dispose();
  },
);
