import * as nn from '@taggerjs/nn';

/** One operation at one size. Inputs are uniform in (0, 1), or probabilities if required. */
export interface OperationCase {
  readonly name: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any operation can be measured
  readonly operation: nn.Operation<any, any, any>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly attributes: nn.OperationAttributes;
  /** Inputs that need no gradient in a step. */
  readonly constants: readonly string[];
  readonly differentiable: boolean;
}

/** Operations without a case, and why. */
export const NOT_MEASURED: Readonly<Record<string, string>> = {
  matMulOperation: 'measured as products of matrices',
  reshapeOperation: 'moves nothing',
  weightedSumOperation: 'of scalars',
  bitflipPixelLikelihoodOperation: 'no kernel: a composition of measured operations',
  bitflipPixelErrorOperation: 'no kernel: a composition of measured operations',
  bitflipPixelCostOperation: 'no kernel: a composition of measured operations',
};

/** A case in one line. `inputs`: `x:RD bias:D` has the inputs x [R, D] and bias [D]; a constant has a star. */
type Row = readonly [
  name: string,
  operation: OperationCase['operation'],
  inputs: string,
  attributes?: nn.OperationAttributes,
];

/** Operations whose outputs need no gradient. */
const WITHOUT_GRADIENT = new Set<unknown>([
  nn.columnMomentsOperation,
  nn.adamUpdateOperation,
  nn.adamUpdatesOperation,
  nn.sumOfSquaresOperation,
  nn.globalNormOperation,
]);

/** Every operation at the size of a model's hidden layer: R = K B rows, D columns. */
export function operationCases(K: number, B: number, D: number): OperationCase[] {
  const R = K * B;
  const S = Math.ceil(D / 4);
  // By letter: also pixels of R images with four channels; 780 sorted columns; ten classes, and the background.
  const sizes: Readonly<Record<string, number>> = { K, B, D, R, S, P: R * S, Q: 4 * S, F: 4, E: 780, C: 10, X: 11 };
  const norm = { activation: 'relu', hasGain: true, hasBias: true };
  const flip = { probability: 0.2 };
  const gauss = { standardDeviation: 0.2 };
  const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1 };
  const rows: Row[] = [
    [
      'featureProduct, half constant',
      nn.featureProductOperation,
      'x:RQ weights:QD',
      { constants: [0.3, NaN, NaN, 0.25] },
    ],
    ['addBias, ReLU', nn.addBiasOperation, 'x:RD bias:D', { activation: 'relu' }],
    ['biasScale', nn.biasScaleOperation, 'x:RD bias:D gain:D'],
    ['relu', nn.reluOperation, 'x:RD'],
    ['sigmoid', nn.sigmoidOperation, 'x:RD'],
    ['softmax', nn.softmaxOperation, 'x:RD', { axis: 1 }],
    ['normalize, layer, ReLU', nn.normalizeOperation, 'x:RD gain:D bias:D', { norm: 'layer', epsilon: 1e-8, ...norm }],
    ['normalize, batch, ReLU', nn.normalizeOperation, 'x:RD gain:D bias:D', { norm: 'batch', epsilon: 1e-10, ...norm }],
    [
      'normalizeWith, ReLU',
      nn.normalizeWithOperation,
      'x:RD mean*:D variance*:D gain:D bias:D',
      { epsilon: 1e-10, ...norm },
    ],
    ['columnMoments', nn.columnMomentsOperation, 'x:RD'],
    ['combinator', nn.combinatorOperation, `s:RD u:RD ${nn.COMBINATOR_PARAMETERS.join(':D ')}:D`, { gate: 'sigmoid' }],
    ['add', nn.addOperation, 'a:RD b:RD'],
    [
      'reconstructionCost',
      nn.reconstructionCostOperation,
      'reconstruction:RD clean:RD mean:D inverseStd:D',
      { hasStatistics: true },
    ],
    ['columnSum', nn.columnSumOperation, 'x:RD', { rows: R }],
    ['groupSoftmax', nn.groupSoftmaxOperation, 'logits:KBD'],
    [
      'stackFeatures',
      nn.stackFeaturesOperation,
      'feature_0:KBS feature_1:KBS feature_2:KBS feature_3:KBS',
      { groups: K, batch: B, size: S },
    ],
    ['im2col', nn.im2colOperation, 'x:PF', { images: R, rows: 1, columns: S }],
    ['swapAxes', nn.swapAxesOperation, 'x:RQ', { view: [R, 4, S, 1], shape: [R * S, 4], inputShape: [R, 4 * S] }],
    ['bitflipLikelihood', nn.bitflipLikelihoodOperation, 'corrupted*:BD z:KBD', flip],
    ['bitflipModelingError', nn.bitflipModelingErrorOperation, 'corrupted*:BD z:KBD m:KBD', flip],
    ['bitflipCost', nn.bitflipCostOperation, 'x*:BD z:KBD m:KBD', { epsilon: 1e-4 }],
    ['gaussianLikelihood', nn.gaussianLikelihoodOperation, 'corrupted*:BD z:KBD logVariance:', gauss],
    [
      "gaussianModelingError, 'algorithm'",
      nn.gaussianAlgorithmErrorOperation,
      'corrupted*:BD z:KBD m:KBD logVariance:',
      gauss,
    ],
    [
      "gaussianModelingError, 'exact'",
      nn.gaussianExactErrorOperation,
      'corrupted*:BD z:KBD logM:KBD logVariance:',
      gauss,
    ],
    ["gaussianModelingError, 'residual'", nn.gaussianResidualErrorOperation, 'corrupted*:BD z:KBD m:KBD'],
    ['gaussianCost', nn.gaussianCostOperation, 'x*:BD z:KBD logM:KBD logVariance:'],
    ['compete', nn.competeOperation, 'x:RE', { sharpness: 0.4 }],
    ['classPosterior', nn.classPosteriorOperation, 'p:RX', { groups: K }],
    ['classificationCost', nn.classificationCostOperation, 'posterior:BC targets*:BC'],
    ['adamUpdate', nn.adamUpdateOperation, 'parameter:RD gradient:RD m:RD v:RD', adam],
    [
      'adamUpdates, two with clipping and averages',
      nn.adamUpdatesOperation,
      [0, 1].map((i) => `parameter_${i}:RD gradient_${i}:RD m_${i}:RD v_${i}:RD average_${i}:RD`).join(' ') + ' scale:',
      { ...adam, count: 2, hasScale: true, hasAverage: true, averageDecay: 0.99 },
    ],
    ['sumOfSquares', nn.sumOfSquaresOperation, 'x:RD'],
    ['globalNorm, of two', nn.globalNormOperation, 'x_0:RD x_1:RD'],
  ];
  return rows.map(([name, operation, inputs, attributes = {}]) => {
    const parsed = inputs
      .split(' ')
      .map((input) => /^(\w+)(\*?):(\w*)$/.exec(input) as unknown as [string, string, string, string]);
    return {
      name,
      operation,
      shapes: Object.fromEntries(
        parsed.map(([, key, , letters]) => [key, [...letters].map((letter) => sizes[letter] as number)]),
      ),
      attributes,
      constants: parsed.flatMap(([, key, star]) => (star === '' ? [] : [key])),
      differentiable: !WITHOUT_GRADIENT.has(operation),
    };
  });
}
