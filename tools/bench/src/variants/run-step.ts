import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { trainRun } from '@taggerjs/experiment/node';
import { getRecipe, overrideRecipe } from '@taggerjs/recipes';

import type { StepSettings } from '../step-settings';
import type { Step } from './step';

/** Steps of a run, as `tagger train shapes-quick` makes them: with data, clipping, EMA, and files. */
export function makeRunStep({ sizes, batch, groups, iterations }: StepSettings): Step {
  const [hiddenSize, ...ladderSizes] = sizes as [number, ...number[]];
  const recipe = overrideRecipe(getRecipe('shapes-quick'), {
    'model.groups': groups,
    'model.iterations': iterations,
    'model.core.hiddenSize': hiddenSize,
    'model.core.mapping.sizes': ladderSizes,
    'training.batchSize': batch,
    // Only steps are measured.
    'training.maxMinutes': 600,
    'evaluation.everySeconds': 36_000,
  });
  const folder = mkdtempSync(join(tmpdir(), 'taggerjs-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const events = trainRun(recipe, { folder: join(folder, 'run') });
  return async () => {
    for (;;) {
      const { done, value } = await events.next();
      if (done) throw new Error('the run has ended');
      if (value.type === 'step') return value.cost;
    }
  };
}
