import { relative } from 'node:path';

import type { Split } from '@taggerjs/datasets';
import { isClassifier, openRunFolder } from '@taggerjs/experiment/node';
import type { Recipe } from '@taggerjs/recipes';
import type { CommandModule } from 'yargs';

import { CliError } from '../errors';
import type { CommandContext } from '../main';
import { rankClasses } from '../scores/ranked-classes';
import { requireWritable } from '../require-writable';
import { classifySelected, groupSelected, writeReport } from '../report/write-report';
import { backendOptions, setUpBackend, type BackendName } from '../run/backend';
import { refuseForClassifier } from '../run/classifier-options';
import { checkpointOption, parseCheckpoint } from '../run/checkpoint-option';
import { previewExample, writeClassesFigure, writeGroupFigure } from '../run/pictures';

interface ShowArguments {
  run: string;
  split: Split;
  examples?: number;
  iterations?: number;
  groups?: number;
  select?: string;
  checkpoint?: string;
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
export function showCommand({ output }: CommandContext): CommandModule<object, ShowArguments> {
  return {
    command: 'show <run>',
    describe:
      'Draw examples and their groups, iteration by iteration, or the classes of a classifier, as SVG and PNG; or write a report',
    builder: (yargs) =>
      yargs
        .positional('run', { type: 'string', demandOption: true, describe: 'Folder of a run' })
        .options({
          split: {
            choices: ['train', 'validation', 'test'] as const,
            default: 'test',
            describe: 'Which part of the data',
          },
          examples: { type: 'number', describe: 'Number of examples [default: 8]' },
          iterations: { type: 'number', describe: "Iterations T [default: the recipe's evaluation]" },
          groups: { type: 'number', describe: "Groups K [default: the recipe's evaluation]" },
          seed: { type: 'number', describe: 'Seed of corruption and initial assignments [default: 0]' },
          select: {
            type: 'string',
            describe: "Which examples: 'first', 'random' (by --seed), or their numbers: 3,17,42 [default: first]",
          },
          report: {
            type: 'boolean',
            default: false,
            describe: 'Write a report of the run: one HTML file with scores, curves, groups, best and worst examples',
          },
          of: {
            type: 'number',
            describe: "Number of examples that a report measures [default: the recipe's evaluation]",
          },
          figures: {
            type: 'string',
            describe: 'Folder to write every figure of a report into as well, as SVG and PNG',
          },
          out: {
            type: 'string',
            describe: 'Where to write, with or without ending [default: pictures/show in the run; of a report, report]',
          },
          ...checkpointOption,
          ...backendOptions,
          json: {
            type: 'boolean',
            default: false,
            describe: 'Print JSON: the files, and AMI and classes of each example',
          },
        })
        .example('$0 show runs/mine --examples 12', 'a figure of twelve test images')
        .example('$0 show runs/mine --report', 'writes runs/mine/report.html')
        .example('$0 show runs/mine --report --figures figures', 'and every figure of it, as SVG and PNG')
        .example('$0 show runs/mine --out groups', 'writes groups.svg and groups.png here') as never,
    async handler(args) {
      const checkpoint = parseCheckpoint(args.checkpoint);
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
    },
  };
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
