import { multiDsprites } from '@taggerjs/datasets';
import { parseRecipe } from '@taggerjs/recipes';

import type { TrainedModel } from '../run/trained-model';
import { objectsOf, openDatasetWith } from './dataset-with-objects';

/** A model that was trained on these data. */
function trainedOn(data: object): TrainedModel {
  const model = { noise: { type: 'none' }, core: { type: 'none' } };
  const recipe = parseRecipe({ name: 'test', data, model, training: { steps: 1, batchSize: 1 } });
  return { recipe } as unknown as TrainedModel;
}

describe('openDatasetWith', () => {
  const sprites = trainedOn({ type: 'multi-dsprites', side: 16, seed: 3, sizes: { train: 4, validation: 4, test: 8 } });

  it.each([1, 2, 6])(
    'opens Multi-dSprites with %i sprites in each image, and all else as in training',
    async (count) => {
      const indices = [0, 1, 2, 3, 4, 5, 6, 7];
      const { inputs, segments } = await (await openDatasetWith(sprites, 'test', count)).examples(indices);
      const expected = multiDsprites({ split: 'test', side: 16, seed: 3, size: 8, sprites: [count, count] });
      const own = await expected.examples(indices);
      expect(inputs).toEqual(own.inputs);
      expect(segments).toEqual(own.segments);
      // Some may be covered by others.
      expect(Math.max(...segments!)).toBeLessThanOrEqual(count);
      expect(new Set(segments)).toContain(1);
    },
  );

  it('refuses data with a fixed number of objects', async () => {
    await expect(openDatasetWith(trainedOn({ type: 'tetrominoes' }), 'test', 2)).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});

it('images of Multi-dSprites have no one number of objects', () => {
  expect(objectsOf(trainedOn({ type: 'multi-dsprites' }).recipe)).toBeUndefined();
  expect(objectsOf(trainedOn({ type: 'shapes' }).recipe)).toBe(3);
});
