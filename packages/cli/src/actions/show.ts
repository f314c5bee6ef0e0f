import type { Split } from '@taggerjs/datasets';
import type { ClassifiedExample } from '@taggerjs/experiment';
import type { WhichCheckpoint } from '@taggerjs/experiment/node';

import type { GroupView } from '@taggerjs/viz';

import type { CommandContext } from '../command-context';
import { CliError } from '../errors';
import { showSelected, writeReport } from '../report/write-report';
import { requireWritable } from '../require-writable';
import { shown } from '../shown-path';
import { type BackendName, setUpBackend } from '../run/backend';
import { refuseIfClassifier } from '../run/classifier-options';
import { measuring } from '../run/measuring';
import { previewExample, writeClassesFigure, writeGroupFigure } from '../run/pictures';
import { openTrainedModel, type TrainedModel } from '../run/trained-model';
import { rankClasses } from '../scores/ranked-classes';

/** Arguments and options of `tagger show`. */
export interface ShowArguments {
  run: string;
  split: Split;
  examples?: number;
  iterations?: number;
  groups?: number;
  select?: string;
  view?: GroupView;
  checkpoint?: WhichCheckpoint;
  seed?: number;
  report: boolean;
  of?: number;
  figures?: string;
  out?: string;
  backend: BackendName;
  threads?: number;
  json: boolean;
}

/** Runs `tagger show`. */
export async function runShow(args: ShowArguments, { output }: CommandContext): Promise<void> {
  const trained = await openTrainedModel(args.run);
  const { recipe, run } = trained;
  refuseWithoutEffect(args, trained);
  const { split, checkpoint, iterations, groups, seed = 0, select = 'first', examples = 8, view } = args;
  const how = measuring(recipe, { iterations, groups, seed });
  const selected = { select, examples, seed };
  const endings = args.report ? ['.html'] : ['.svg', '.png'];
  const named = endings.find((ending) => args.out?.endsWith(ending)) ?? '';
  const out = args.out?.slice(0, args.out.length - named.length);
  for (const ending of out === undefined ? [] : endings) await requireWritable(`${out}${ending}`);
  await setUpBackend(args);
  if (args.report && run) {
    const { of, figures } = args;
    const written = await writeReport(run, { split, checkpoint, how, ...selected, of, out, figures });
    if (args.json) output.print(JSON.stringify(written, null, 2));
    else for (const path of [written.report, ...written.figures]) output.print(shown(path));
    return;
  }
  const dataset = await trained.dataset(split);
  const { inputShape } = dataset;
  const path = out ?? run?.picture('show') ?? 'show';
  const picture = { inputShape, title: `${recipe.name}, ${split}` };
  const model = await trained.loadModel({ checkpoint });
  let files: readonly string[];
  let found: readonly object[];
  try {
    if (model.kind === 'classifier') {
      const classified = await showSelected(model, dataset, selected, how);
      files = await writeClassesFigure(path, classified, { ...picture, split });
      found = classified.map(({ index, example }) => ({ index, ...classesOf(example) }));
    } else {
      const grouped = await showSelected(model, dataset, selected, how);
      const figure = grouped.map(({ example }) => example);
      files = await writeGroupFigure(path, figure, { ...picture, view });
      found = grouped.map(({ index, example }) => ({
        index,
        ...(example.iterations[0]?.ami !== undefined && { ami: example.iterations.map(({ ami }) => ami) }),
        ...classesOf(example),
      }));
      if (!args.json) for (const example of figure.slice(0, 3)) previewExample(output, example, inputShape, view);
    }
  } finally {
    model.dispose();
  }
  if (args.json) output.print(JSON.stringify({ run: run?.path ?? args.run, split, files, examples: found }, null, 2));
  else for (const file of files) output.print(shown(file));
}

/** The predicted and the true classes of an example. */
function classesOf({ classPosterior, labels }: Partial<ClassifiedExample>): object {
  return {
    ...(classPosterior && { classes: rankClasses(classPosterior) }),
    ...(labels && { labels: [...labels] }),
  };
}

/** @throws CliError `USAGE` if an option would have no effect */
function refuseWithoutEffect(args: ShowArguments, { recipe, run: opened }: TrainedModel): void {
  const { run, report, of, figures, select, examples, iterations, groups, seed, view } = args;
  // The report of a classifier shows misclassified examples. Otherwise, randomness only affects which examples are selected.
  const selected = report ? { select, examples, seed } : select === 'random' ? {} : { seed };
  refuseIfClassifier(run, recipe, { iterations, groups, view, ...selected });
  if (report && opened === undefined) {
    throw new CliError(
      'USAGE',
      `A report shows a run and its training, and '${run}' is a pretrained model. Leave out --report.`,
    );
  }
  if (report && view !== undefined) {
    throw new CliError('USAGE', 'A report has figures of both views. Leave out --view.');
  }
  if (of !== undefined && !report) {
    throw new CliError('USAGE', '--of sets how many examples a report measures. Add --report, or leave out --of.');
  }
  if (figures !== undefined && !report) {
    throw new CliError(
      'USAGE',
      '--figures writes the figures of a report. Add --report, or leave out --figures: without a report, the figure is ' +
        'always written as SVG and PNG.',
    );
  }
  if (examples !== undefined && select !== undefined && /\d/.test(select)) {
    throw new CliError('USAGE', `--select ${select} already lists the examples. Leave out --examples.`);
  }
}
