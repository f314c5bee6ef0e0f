import { ladder, type LadderOptions } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';

import { createTagger } from '../model/create-tagger';
import { transferParameters } from './transfer-parameters';

const tagger = (options: LadderOptions, { seed = 0, hiddenSize = 10 } = {}) =>
  createTagger({
    inputShape: [3, 4],
    initialPrediction: 0.3,
    noise: bitflip(),
    core: projected({ hiddenSize, mapping: ladder(options) }),
    seed,
  });

/** A Ladder of two layers that has learned to group, and one with a layer and two classes on top. */
const pair = () => ({
  source: tagger({ sizes: [7, 5] }, { seed: 1 }),
  target: tagger({ sizes: [7, 5, 3], classes: 2 }, { seed: 2 }),
});

describeBackends('transferParameters', () => {
  it('copies every tensor of the source, and keeps the initial values of new layers', async () => {
    await expectNoLeak(async () => {
      const { source, target } = pair();
      const [trained, before] = [await readTree(source.parameters()), await readTree(target.parameters())];
      const { taken, fresh, left } = await transferParameters(source, target, { fresh: ['ladder/c'] });
      const after = await readTree(target.parameters());

      expect(left).toEqual(['ladder/c']);
      expect([...taken, 'ladder/c'].sort()).toEqual(Object.keys(trained).sort());
      expect([...taken, ...fresh].sort()).toEqual(Object.keys(before).sort());
      expect(fresh).toEqual(
        expect.arrayContaining(['ladder/c', 'ladder/W_3', 'ladder/b_3', 'ladder/V_2', 'ladder/a1_3', 'ladder/a10_3']),
      );
      for (const name of taken) expect(after[name]).toEqual(trained[name]);
      for (const name of fresh) expect(after[name]).toEqual(before[name]);
      expect(await readTree(source.parameters())).toEqual(trained);
      source.dispose();
      target.dispose();
    });
  });

  it('names everything that does not fit, and then copies nothing', async () => {
    const source = tagger({ sizes: [7, 5] });
    for (const [target, names] of [
      [tagger({ sizes: [7, 5, 3], classes: 2 }), /'ladder\/c'/],
      [tagger({ sizes: [7] }), /'ladder\/W_2'.*'ladder\/V_1'/],
      [tagger({ sizes: [7, 5] }, { hiddenSize: 11, seed: 3 }), /'W_h'/],
    ] as const) {
      const before = await readTree(target.parameters());
      await expect(transferParameters(source, target)).rejects.toMatchObject({
        code: 'PARAMETER_MISMATCH',
        message: expect.stringMatching(names),
      });
      expect(await readTree(target.parameters())).toEqual(before);
      target.dispose();
    }
    source.dispose();
  });

  it('refuses a transfer to itself, unknown names, and nothing to copy', async () => {
    const { source, target } = pair();
    await expect(transferParameters(source, source)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(transferParameters(source, target, { fresh: ['ladder/d'] })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
    await expect(transferParameters(source, target, { fersh: [] } as object)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
    await expect(transferParameters(source, target, { fresh: Object.keys(target.parameters()) })).rejects.toMatchObject(
      {
        code: 'PARAMETER_MISMATCH',
      },
    );
    source.dispose();
    target.dispose();
  });
});
