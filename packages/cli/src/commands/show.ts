import { relative } from 'node:path';

import type { Split } from '@taggerjs/datasets';
import { isClassifier, openRunFolder, type WhichCheckpoint } from '@taggerjs/experiment/node';
import type { Recipe } from '@taggerjs/recipes';
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
import { classifySelected, groupSelected, writeReport } from '../report/write-report';
import { requireWritable } from '../require-writable';
import { type BackendName, setUpBackend } from '../run/backend';
import { refuseForClassifier } from '../run/classifier-options';
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
        'Number of examples that a report measures (default: of the evaluation in the recipe)',
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
  const { checkpoint } = args;
  const run = await openRunFolder(args.run);
  refuseWithoutEffect(args, run.config.recipe);
  const { iterations, groups, seed = 0, select = 'first', examples = 8 } = args;
  const how = {
    split: args.split,
    checkpoint,
    seed,
    ...(iterations !== undefined && { iterations }),
    ...(groups !== undefined && { groups }),
  };
  const selected = { how, select, examples, seed };
  const endings = args.report ? ['.html'] : ['.svg', '.png'];
  const named = endings.find((ending) => args.out?.endsWith(ending)) ?? '';
  const out = args.out?.slice(0, args.out.length - named.length);
  for (const ending of out === undefined ? [] : endings) await requireWritable(`${out}${ending}`);
  await setUpBackend(args);
  if (args.report) {
    const written = await writeReport(args.run, { ...selected, of: args.of, out, figures: args.figures });
    if (args.json) output.print(JSON.stringify(written, null, 2));
    else for (const path of [written.report, ...written.figures]) output.print(relative(process.cwd(), path));
    return;
  }
  const { recipe } = run.config;
  if (isClassifier(recipe)) {
    const { examples, dataset } = await classifySelected(args.run, selected);
    const written = await writeClassesFigure(out ?? run.picture('show'), examples, {
      inputShape: dataset.inputShape,
      title: `${recipe.name}, ${args.split}`,
      split: args.split,
    });
    if (args.json) {
      const found = examples.map(({ index, classPosterior, labels }) => ({
        index,
        classes: rankClasses(classPosterior),
        ...(labels && { labels: [...labels] }),
      }));
      output.print(JSON.stringify({ run: run.path, split: args.split, files: written, examples: found }, null, 2));
    } else for (const path of written) output.print(relative(process.cwd(), path));
    return;
  }
  const { figure, places, dataset } = await groupSelected(args.run, selected);
  const written = await writeGroupFigure(out ?? run.picture('show'), figure, {
    inputShape: dataset.inputShape,
    title: `${recipe.name}, ${args.split}`,
  });
  if (args.json) {
    const examples = figure.map(({ iterations, classPosterior, labels }, i) => ({
      index: places[i],
      ...(iterations[0]?.ami !== undefined && { ami: iterations.map(({ ami }) => ami) }),
      ...(classPosterior && { classes: rankClasses(classPosterior) }),
      ...(labels && { labels: [...labels] }),
    }));
    output.print(JSON.stringify({ run: run.path, split: args.split, files: written, examples }, null, 2));
    return;
  }
  for (const example of figure.slice(0, 3)) previewExample(output, example, dataset.inputShape);
  for (const path of written) output.print(relative(process.cwd(), path));
}

/** @throws CliError `USAGE` where an option would have no effect */
function refuseWithoutEffect(args: ShowArguments, recipe: Recipe): void {
  const { run, report, of, figures, select, examples, iterations, groups, seed } = args;
  if (isClassifier(recipe)) {
    // A report of a classifier shows those that it got wrong; elsewhere, chance chooses examples, and nothing else.
    const chosen = report ? { select, examples, seed } : select === 'random' ? {} : { seed };
    refuseForClassifier(run, { iterations, groups, ...chosen });
  }
  if (of !== undefined && !report) {
    throw new CliError(
      'USAGE',
      '--of says how many examples a report measures: give it with --report, or leave it out.',
    );
  }
  if (figures !== undefined && !report) {
    throw new CliError(
      'USAGE',
      '--figures writes the figures of a report: give it with --report, or leave it out. Without a report, the figure is ' +
        'written as SVG and PNG anyway.',
    );
  }
  if (examples !== undefined && select !== undefined && /\d/.test(select)) {
    throw new CliError('USAGE', `--select ${select} names the examples: leave out --examples.`);
  }
}
