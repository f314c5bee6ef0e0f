import { ladder } from '@taggerjs/ladder';
import { mlp, projected, type MappingComponent } from '@taggerjs/mapping';
import { readTree, reshape } from '@taggerjs/nn';
import { bitflip, gaussian } from '@taggerjs/noise';
import { createTagger, saveTagger } from '@taggerjs/tagger';
import { describeBackends, expectNoLeak, withCode } from '@taggerjs-tools/testing';
import type * as tf from '@tensorflow/tfjs-core';

import { loadTagger, registries, taggerFromConfig, withRegistries } from './registries';

/** A custom mapping that learns nothing. */
const identity = (): MappingComponent => ({
  config: { type: 'identity' },
  create: () => ({
    apply: (hidden) => ({ output: reshape<tf.Rank.R2>(hidden, hidden.shape) }),
    parameters: () => ({}),
    state: () => ({}),
    dispose: () => undefined,
  }),
});

const taggerWith = (mapping: MappingComponent, noise = bitflip()) =>
  createTagger({
    inputShape: [3, 4],
    data: { mean: 0.3, standardDeviation: 0.4 },
    noise,
    core: projected({ hiddenSize: 8, mapping }),
  });

describe('registries', () => {
  it('contain all cores, mappings and noise models of the project, by type', () => {
    expect(Object.keys(registries.cores).sort()).toEqual(['convolutional', 'projected', 'spectral']);
    expect(Object.keys(registries.mappings).sort()).toEqual(['ladder', 'mlp']);
    expect(Object.keys(registries.noises).sort()).toEqual(['bitflip', 'gaussian']);
  });

  it('name each factory by the type that it creates', () => {
    expect(registries.mappings.ladder({ sizes: [4] }).config.type).toBe('ladder');
    expect(registries.mappings.mlp({ sizes: [4] }).config.type).toBe('mlp');
    expect(registries.noises['gaussian']!().config.type).toBe('gaussian');
  });
});

describe('withRegistries', () => {
  it('adds your registries, which override equal names', () => {
    const joined = withRegistries({ mappings: { identity, mlp: identity }, others: {} });
    expect(joined.mappings).toMatchObject({ ladder, identity, mlp: identity });
    expect(joined.noises).toEqual(registries.noises);
    expect(joined.cores).toEqual(registries.cores);
    expect(joined).toHaveProperty('others');
  });

  it('does not change the registries of the project', () => {
    withRegistries({ mappings: { mlp: identity } });
    expect(registries.mappings.mlp).toBe(mlp);
  });
});

describeBackends('loadTagger', () => {
  it.each([
    ['a Ladder', ladder({ sizes: [6, 4] })],
    ['an MLP', mlp({ sizes: [6] })],
  ])('loads a Tagger of %s with nothing to register', async (_, mapping) => {
    await expectNoLeak(async () => {
      const tagger = taggerWith(mapping, gaussian());
      const loaded = await loadTagger(await saveTagger(tagger));
      expect(loaded.config).toEqual(tagger.config);
      expect(await readTree(loaded.parameters())).toEqual(await readTree(tagger.parameters()));
      tagger.dispose();
      loaded.dispose();
    });
  });

  it('loads a Tagger with a custom mapping if it is registered', async () => {
    const tagger = taggerWith(identity());
    const bytes = await saveTagger(tagger);
    await expect(loadTagger(bytes)).rejects.toMatchObject({ code: 'UNKNOWN_TYPE' });
    const loaded = await loadTagger(bytes, { registries: { mappings: { identity } } });
    expect(loaded.config).toEqual(tagger.config);
    tagger.dispose();
    loaded.dispose();
  });
});

describeBackends('taggerFromConfig', () => {
  it('creates the same Tagger again, including the Ladder', async () => {
    const tagger = taggerWith(ladder({ sizes: [6, 4] }));
    const again = taggerFromConfig(JSON.parse(JSON.stringify(tagger.config)));
    expect(again.config).toEqual(tagger.config);
    expect(await readTree(again.parameters())).toEqual(await readTree(tagger.parameters()));
    tagger.dispose();
    again.dispose();
  });

  it('lists the known types if a part is unknown', () => {
    const tagger = taggerWith(mlp({ sizes: [6] }));
    const { config } = tagger;
    tagger.dispose();
    const unknown = { ...config, core: { ...config.core, mapping: { type: 'transformer' } } };
    expect(() => taggerFromConfig(unknown)).toThrow(withCode('UNKNOWN_TYPE', 'transformer', 'mlp', 'ladder'));
  });
});
