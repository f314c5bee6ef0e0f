import { readGolden, type GoldenLadder, type GoldenTensor } from '@taggerjs-tools/testing';

import { centralDifferences, spreadIndices } from './central-differences';
import { ladderNetwork64, ladderPosterior64 } from './ladder-network64';
import { named, tensor64, type Tensors64 } from './tensor64';

describe('the float64 reference of the standalone Ladder', () => {
  const { config, inputs, parameters, expected } = readGolden<GoldenLadder>('model/ladder-alone');
  const { sizes, gate, costWeights } = config;
  const layers = sizes.length - 1;
  const classes = sizes.at(-1) as number;
  const tensor = ({ shape, data }: GoldenTensor) => tensor64(shape, data);
  const tensors: Tensors64 = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, tensor(value)]),
  );
  const rows = {
    labeled: tensor(inputs.labelled),
    targets: tensor64(
      [inputs.labels.length, classes],
      inputs.labels.flatMap((label) => Array.from({ length: classes }, (_, c) => Number(c === label))),
    ),
    unlabeled: tensor(inputs.unlabelled),
    noise: { labeled: inputs.noise.labelled.map(tensor), unlabeled: inputs.noise.unlabelled.map(tensor) },
  };
  const options = { layers, gate, costWeights };
  const close = (actual: ArrayLike<number>, right: ArrayLike<number>, to: number) => {
    const scale = Math.max(...Array.from(right, Math.abs));
    const errors = Array.from(right, (value, i) => Math.abs(value - (actual[i] as number)));
    expect(Math.max(...errors)).toBeLessThanOrEqual(to * scale + 1e-12);
  };

  it('computes the posteriors and costs of the golden vectors, to 1e-9', () => {
    const { posterior, classificationCost, denoisingCosts, cost } = ladderNetwork64(rows, tensors, options);
    close(posterior.data, expected.corruptedPosterior.data, 1e-9);
    close(ladderPosterior64(rows.labeled, tensors, layers).data, expected.cleanPosterior.data, 1e-9);
    close([classificationCost], [expected.classificationCost], 1e-9);
    close(denoisingCosts, expected.denoisingCosts, 1e-9);
    close([cost], [expected.cost], 1e-9);
  });

  it('has their gradients, by central differences, to 1e-6', () => {
    for (const [name, { data }] of Object.entries(expected.gradients)) {
      const elements = spreadIndices(named(tensors, name).data.length, 3);
      const slopes = centralDifferences(tensors, name, elements, (at) => ladderNetwork64(rows, at, options).cost);
      const scale = Math.max(...data.map(Math.abs));
      elements.forEach((element, i) => {
        const error = Math.abs((slopes[i] as number) - (data[element] as number));
        expect([name, element, error <= 1e-6 * scale + 1e-8]).toEqual([name, element, true]);
      });
    }
  });
});
