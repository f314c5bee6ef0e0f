import { relative } from 'node:path';

import type { Split } from '@taggerjs/datasets';
import type { ClassifiedExample } from '@taggerjs/experiment';
import { openRun, type Run, type WhichCheckpoint } from '@taggerjs/experiment/node';
import { Option } from 'commander';

import type { CommandContext } from '../command-context';
import { wholeNumber } from '../command-line/numbers';
import {
  backendOption,
  checkpointOption,
  examplesOption,
  groupsOption,
  iterationsOption,
  jsonOption,
  seedOption,
  splitOption,
  threadsOption,
} from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';
import { CliError } from '../errors';
import { showSelected, writeReport } from '../report/write-report';
import { requireWritable } from '../require-writable';
import { type BackendName, setUpBackend } from '../run/backend';
import { refuseIfClassifier } from '../run/classifier-options';
import { measuring } from '../run/measuring';
import { previewExample, writeClassesFigure, writeGroupFigure } from '../run/pictures';
import { rankClasses } from '../scores/ranked-classes';

interface ShowArguments {
  run: string;
  split: Split;
  examples?: number;
  iterations?: number;
  groups?: number;
  select?: string;
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

/** `tagger show RUN` */
export function showCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('show', context)
    .description('Draw examples and their groups at each iteration as SVG and PNG, or write a report of the run')
    .argument('<run>', 'Folder of a run')
    .addOption(splitOption())
    .addOption(examplesOption('Number of examples (default: 8)'))
    .addOption(iterationsOption())
    .addOption(groupsOption())
    .addOption(seedOption('Seed of the corruption and the initial assignments (default: 0)'))
    .option(
      '--select <which>',
      'Examples to draw: first, random (by --seed), or their numbers, such as 3,17,42 (default: first)',
    )
    .option('--report', 'Write a report: one HTML file with scores, curves, groups, best and worst examples')
    .addOption(
      new Option(
        '--of <n>',
        "Number of examples that a report measures (default: as in the recipe's evaluation)",
      ).argParser(wholeNumber()),
    )
    .option('--figures <folder>', 'Also write every figure of a report into this folder, as SVG and PNG')
    .option(
      '--out <path>',
      'Where to write, with or without ending (default: pictures/show in the run; report for a report)',
    )
    .addOption(checkpointOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(jsonOption('Print JSON: the files, and the AMI and classes of each example'))
    .example('tagger show runs/mine --examples 12', 'a figure of twelve test images')
    .example('tagger show runs/mine --report', 'writes runs/mine/report.html')
    .example('tagger show runs/mine --report --figures figures', 'and every figure of it as SVG and PNG')
    .example('tagger show runs/mine --out groups', 'writes groups.svg and groups.png here')
    .action((run: string, options: Omit<ShowArguments, 'run'>) => runShow({ run, ...options }, context));
}

async function runShow(args: ShowArguments, { output }: CommandContext): Promise<void> {
  const run = await openRun(args.run);
  refuseWithoutEffect(args, run);
  const { split, checkpoint, iterations, groups, seed = 0, select = 'first', examples = 8 } = args;
  const how = measuring(run, { iterations, groups, seed });
  const selected = { select, examples, seed };
  const endings = args.report ? ['.html'] : ['.svg', '.png'];
  const named = endings.find((ending) => args.out?.endsWith(ending)) ?? '';
  const out = args.out?.slice(0, args.out.length - named.length);
  for (const ending of out === undefined ? [] : endings) await requireWritable(`${out}${ending}`);
  await setUpBackend(args);
  if (args.report) {
    const { of, figures } = args;
    const written = await writeReport(run, { split, checkpoint, how, ...selected, of, out, figures });
    if (args.json) output.print(JSON.stringify(written, null, 2));
    else for (const path of [written.report, ...written.figures]) output.print(relative(process.cwd(), path));
    return;
  }
  const dataset = await run.dataset(split);
  const { inputShape } = dataset;
  const path = out ?? run.picture('show');
  const picture = { inputShape, title: `${run.config.recipe.name}, ${split}` };
  const model = await run.loadModel({ checkpoint });
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
      files = await writeGroupFigure(path, figure, picture);
      found = grouped.map(({ index, example }) => ({
        index,
        ...(example.iterations[0]?.ami !== undefined && { ami: example.iterations.map(({ ami }) => ami) }),
        ...classesOf(example),
      }));
      if (!args.json) for (const example of figure.slice(0, 3)) previewExample(output, example, inputShape);
    }
  } finally {
    model.dispose();
  }
  if (args.json) output.print(JSON.stringify({ run: run.path, split, files, examples: found }, null, 2));
  else for (const file of files) output.print(relative(process.cwd(), file));
}

/** The predicted and the true classes of an example. */
function classesOf({ classPosterior, labels }: Partial<ClassifiedExample>): object {
  return {
    ...(classPosterior && { classes: rankClasses(classPosterior) }),
    ...(labels && { labels: [...labels] }),
  };
}

/** @throws CliError `USAGE` if an option would have no effect */
function refuseWithoutEffect(args: ShowArguments, opened: Run): void {
  const { run, report, of, figures, select, examples, iterations, groups, seed } = args;
  // The report of a classifier shows misclassified examples. Otherwise, randomness only affects which examples are selected.
  const selected = report ? { select, examples, seed } : select === 'random' ? {} : { seed };
  refuseIfClassifier(run, opened, { iterations, groups, ...selected });
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
