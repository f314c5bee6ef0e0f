import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Dataset } from '@taggerjs/datasets';
import { ladder } from '@taggerjs/ladder';
import { assignTree } from '@taggerjs/nn';
import type { Recipe } from '@taggerjs/recipes';
import { taggerFromConfig, type Tagger, type TaggerConfig } from '@taggerjs/tagger';
import { loadTaggerFile } from '@taggerjs/tagger/node';
import { decodeCheckpoint } from '@taggerjs/train';

/** What models made here may name. */
export const REGISTRIES = { mappings: { ladder } };

/** A model, and the step and the seconds of training that made it. */
export interface TrainedModel {
  readonly tagger: Tagger;
  readonly step: number;
  readonly seconds: number;
}

/**
 * The model of a run: of a finished one its `model.safetensors`, of one under way its newest checkpoint, with
 * averaged weights where there are some.
 *
 * @param data what it is trained on
 * @param wanted the step of another checkpoint
 * @throws Error where there is neither
 */
export async function modelOfRun(run: string, recipe: Recipe, data: Dataset, wanted?: number): Promise<TrainedModel> {
  const file = join(run, 'model.safetensors');
  if (wanted === undefined && existsSync(file)) {
    const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trim().split('\n');
    const { step, seconds } = JSON.parse(lines.findLast((line) => line.startsWith('{"type":"end"'))!);
    return { tagger: await loadTaggerFile(file, { registries: REGISTRIES }), step, seconds };
  }
  const checkpoints = existsSync(join(run, 'checkpoints')) ? readdirSync(join(run, 'checkpoints')).sort() : [];
  const newest = checkpoints.findLast(
    (name) => name.endsWith('.safetensors') && (wanted === undefined || Number(/\d+/.exec(name)) === wanted),
  );
  if (newest === undefined) {
    throw new Error(
      wanted === undefined
        ? `'${run}' has neither a model.safetensors nor a checkpoint.`
        : `'${run}' has no checkpoint of step ${wanted}; there are ${checkpoints.join(', ')}.`,
    );
  }
  const { state } = await decodeCheckpoint(new Uint8Array(await readFile(join(run, 'checkpoints', newest))));
  const { model } = recipe;
  if (model.type !== undefined) throw new Error(`'${run}' is no run of a Tagger.`);
  const statistics = await data.statistics();
  const { initialPrediction, noise, core, ...config } = model;
  const tagger = taggerFromConfig(
    {
      ...config,
      inputShape: data.inputShape,
      initialPrediction: initialPrediction === 'data' ? statistics.mean : initialPrediction,
      noise: noise as TaggerConfig['noise'],
      core: core as TaggerConfig['core'],
    },
    { registries: REGISTRIES, data: statistics },
  );
  assignTree(tagger.parameters(), state.ema?.weights ?? state.parameters);
  return { tagger, step: state.step, seconds: state.seconds };
}
