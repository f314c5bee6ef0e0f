import '@tensorflow/tfjs-backend-cpu';

import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { bitflip } from '@taggerjs/noise';
import { createTagger } from '@taggerjs/tagger';
import { saveTaggerFile } from '@taggerjs/tagger/node';
import * as tf from '@tensorflow/tfjs-core';

/** Writes the model file of a small, untrained Tagger for images of 20 x 20. */
export async function writeSmallModel(path: string, { norm = 'layer' as 'layer' | 'batch' } = {}): Promise<void> {
  await tf.setBackend('cpu');
  const tagger = createTagger({
    inputShape: [20, 20],
    noise: bitflip(),
    core: projected({ hiddenSize: 12, norm, mapping: ladder({ sizes: [8, 4] }) }),
    initialPrediction: 0.26,
  });
  await saveTaggerFile(tagger, path);
  tagger.dispose();
}
