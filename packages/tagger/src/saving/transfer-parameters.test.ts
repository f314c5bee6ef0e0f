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
  it('takes every tensor of the source, and lets new layers begin anew', async () => {
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

  it('names everything that does not fit, and then takes nothing', async () => {
    const source = tagger({ sizes: [7, 5] });
    for (const [target, problem] of [
      [tagger({ sizes: [7, 5, 3], classes: 2 }), /'ladder\/c' has shape \[5\] in the source, \[3\] in the target/],
      [tagger({ sizes: [7] }), /'ladder\/W_2' \[7,5\] is not in the target.*'ladder\/V_1' \[5,7\] is not/],
      [tagger({ sizes: [7, 5] }, { hiddenSize: 11, seed: 3 }), /'W_h' has shape \[48,10\].*\[48,11\]/],
    ] as const) {
      const before = await readTree(target.parameters());
      await expect(transferParameters(source, target)).rejects.toMatchObject({
        code: 'PARAMETER_MISMATCH',
        message: expect.stringMatching(problem),
      });
      expect(await readTree(target.parameters())).toEqual(before);
      target.dispose();
    }
    source.dispose();
  });

  it('refuses what cannot be meant', async () => {
    const { source, target } = pair();
    await expect(transferParameters(source, source)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(transferParameters(source, target, { fresh: ['ladder/d'] })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining("'ladder/d', which the target does not have"),
    });
    await expect(transferParameters(source, target, { fresh: Object.keys(target.parameters()) })).rejects.toMatchObject(
      { code: 'PARAMETER_MISMATCH', message: expect.stringContaining('no tensor in common') },
    );
    source.dispose();
    target.dispose();
  });
});
