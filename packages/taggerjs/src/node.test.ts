import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { describeBackends } from '@taggerjs-tools/testing';

import { loadTaggerFile, saveTaggerFile } from './node';

describeBackends('loadTaggerFile', () => {
  it('loads a Tagger of a Ladder with nothing to register', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taggerjs-'));
    const path = join(folder, 'model.safetensors');
    const tagger = createTagger({
      inputShape: [3, 4],
      initialPrediction: 0.3,
      noise: bitflip(),
      core: projected({ hiddenSize: 8, mapping: ladder({ sizes: [6, 4] }) }),
    });
    await saveTaggerFile(tagger, path);
    const loaded = await loadTaggerFile(path);
    expect(await readTree(loaded.parameters())).toEqual(await readTree(tagger.parameters()));
    tagger.dispose();
    loaded.dispose();
    await rm(folder, { recursive: true });
  });
});
