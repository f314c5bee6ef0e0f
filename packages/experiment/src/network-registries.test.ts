import { convNetwork, createClassifier, saveClassifier } from '@taggerjs/classifier';
import { ladderNetwork } from '@taggerjs/ladder';
import type { ClassifierComponent } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';

import { classifierFromConfig, loadClassifier, networks, withNetworks } from './registries';

const ladderAlone = ladderNetwork({ sizes: [6], costWeights: [1, 1, 1] });
const classifierWith = (network: ClassifierComponent) =>
  createClassifier({ inputShape: [4, 4], classes: 3, network, seed: 2 });

describe('networks', () => {
  it('contain all networks of the project, by type', () => {
    expect(Object.keys(networks)).toEqual(
      [ladderAlone, convNetwork({ stages: [[2]] })].map(({ config }) => config.type),
    );
  });

  it('merge with yours, which override equal names', () => {
    const mine = () => ladderAlone;
    const { networks: joined, ...others } = withNetworks({ networks: { mine, 'conv-network': mine }, cores: {} });
    expect(joined).toEqual({ ...networks, mine, 'conv-network': mine });
    expect(others).toEqual({ cores: {} });
    expect(networks['conv-network']).toBe(convNetwork);
  });
});

describeBackends('loadClassifier and classifierFromConfig', () => {
  it.each([
    ['a Ladder', ladderAlone],
    ['convolutions', convNetwork({ stages: [[3], [2]] })],
  ])('make a classifier of %s with nothing to register', (_, network) =>
    expectNoLeak(async () => {
      const classifier = classifierWith(network);
      const loaded = loadClassifier(await saveClassifier(classifier));
      const again = classifierFromConfig(JSON.parse(JSON.stringify(classifier.config)), { seed: 2 });
      for (const one of [loaded, again]) {
        expect(one.config).toEqual(classifier.config);
        expect(await readTree(one.parameters())).toEqual(await readTree(classifier.parameters()));
        one.dispose();
      }
      classifier.dispose();
    }),
  );
});
