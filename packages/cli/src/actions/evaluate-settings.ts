import type { Evaluation } from '@taggerjs/train';

import type { CommandContext } from '../command-context';
import { objectsOf, openDatasetWith } from '../generalization/dataset-with-objects';
import type { MeasuredSetting, TrainedWith } from '../generalization/measured-setting';
import { writeSettingsFigures } from '../generalization/settings-figures';
import { settingsTable } from '../generalization/settings-table';
import { requireWritable } from '../require-writable';
import { setUpBackend } from '../run/backend';
import { refuseIfClassifier } from '../run/classifier-options';
import { measuring } from '../run/measuring';
import { openTrainedModel } from '../run/trained-model';
import { shown } from '../shown-path';
import type { EvaluateArguments } from './evaluate';

/** Runs `tagger evaluate` with ranges of groups or objects: how a model generalizes beyond its training. */
export async function runEvaluateSettings(args: EvaluateArguments, { output }: CommandContext): Promise<void> {
  const { split, checkpoint, examples, iterations, statistics, seed, out, json } = args;
  const trained = await openTrainedModel(args.run);
  const { recipe, run } = trained;
  refuseIfClassifier(args.run, recipe, { groups: args.groups, objects: args.objects, iterations, seed });
  if (out !== undefined) await requireWritable(`${out}-ami.svg`);
  const trainedWith: TrainedWith = {
    // Only Taggers come here.
    groups: recipe.model.type === 'classifier' ? 0 : recipe.model.groups,
    objects: objectsOf(recipe),
  };
  const datasets = [];
  for (const objects of args.objects ?? [undefined])
    datasets.push({ objects: objects ?? trainedWith.objects, dataset: await openDatasetWith(trained, split, objects) });
  await setUpBackend(args);
  const model = await trained.loadModel({ checkpoint });
  const settings: MeasuredSetting[] = [];
  let measured = 0;
  try {
    for (const { objects, dataset } of datasets) {
      for (const groups of args.groups ?? [recipe.evaluation.groups ?? trainedWith.groups]) {
        const how = measuring(recipe, { examples, iterations, groups, statistics, seed });
        const evaluation = (await model.evaluate(dataset, how)) as Evaluation;
        measured = evaluation.examples;
        settings.push({ groups, objects, iterations: evaluation.iterations });
        const name = objects === undefined ? `K = ${groups}` : `${objects} objects, K = ${groups}`;
        if (!json) output.note(`${name}: ${evaluation.seconds.toFixed(1)} s`);
      }
    }
  } finally {
    model.dispose();
  }
  const figures = out === undefined ? [] : await writeSettingsFigures(out, settings, trainedWith);
  if (json) {
    const what = { run: run?.path ?? args.run, checkpoint: checkpoint ?? null, split, examples: measured };
    output.print(JSON.stringify({ ...what, trainedWith, settings, figures }, null, 2));
    return;
  }
  output.print(settingsTable(settings, trainedWith));
  output.print();
  output.print(`${measured.toLocaleString('en')} images of '${recipe.data.type}' (${split}) for each setting`);
  for (const path of figures) output.print(shown(path));
}
