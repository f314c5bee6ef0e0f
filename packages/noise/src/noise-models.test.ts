import type { Registry } from '@taggerjs/nn';

import type { NoiseEnvironment, NoiseModel } from './noise-model';
import { noiseModels } from './noise-models';

const registry: Registry<NoiseModel, NoiseEnvironment> = noiseModels;

describe('noiseModels', () => {
  it.each(Object.keys(registry))("'%s' is registered under its type, and rebuilds itself", (type) => {
    const component = registry[type]!();
    expect(component.config.type).toBe(type);
    expect(registry[type]!(component.config).config).toEqual(component.config);
  });
});
