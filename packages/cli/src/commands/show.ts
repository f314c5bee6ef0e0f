import { relative } from 'node:path';

import type { Split } from '@taggerjs/datasets';
import { evaluate } from '@taggerjs/train';
import type { CommandModule } from 'yargs';

import type { CommandContext } from '../main';
import { backendOptions, setUpBackend, type BACKENDS } from '../run/backend';
import { loadRun } from '../run/load-run';
import { datasetOf } from '../run/data';
import { previewExample, writeGroupFigure } from '../run/pictures';

interface ShowArguments {
  run: string;
  split: Split;
  examples: number;
  iterations?: number;
  groups?: number;
  seed: number;
  out?: string;
  backend: (typeof BACKENDS)[number];
  threads?: number;
}

/** `tagger show RUN` */
export function showCommand({ output }: CommandContext): CommandModule<object, ShowArguments> {
  return {
    command: 'show <run>',
    describe: 'Draw examples and their groups, iteration by iteration, as SVG and PNG',
    builder: (yargs) =>
      yargs
        .positional('run', { type: 'string', demandOption: true, describe: 'Folder of a run' })
        .options({
          split: {
            choices: ['train', 'validation', 'test'] as const,
            default: 'test',
            describe: 'Which part of the data',
          },
          examples: { type: 'number', default: 8, describe: 'Number of examples' },
          iterations: { type: 'number', describe: "Iterations T [default: the recipe's evaluation]" },
          groups: { type: 'number', describe: "Groups K [default: the recipe's evaluation]" },
          seed: { type: 'number', default: 0, describe: 'Seed of corruption and initial assignments' },
          out: { type: 'string', describe: 'Where to write, without ending [default: pictures/show in the run]' },
          ...backendOptions,
        })
        .example('$0 show runs/mine --examples 12', 'a figure of twelve test images')
        .example('$0 show runs/mine --out groups', 'writes groups.svg and groups.png here') as never,
    async handler(args) {
      await setUpBackend(args);
      const { run, tagger } = await loadRun(args.run);
      const { recipe } = run.config;
      const dataset = await datasetOf(recipe, args.split, run.config.baseFolder);
      const groups = args.groups ?? recipe.evaluation.groups;
      const { figure } = await evaluate(tagger, dataset, {
        examples: args.examples,
        figureExamples: args.examples,
        iterations: args.iterations ?? recipe.evaluation.iterations,
        seed: args.seed,
        ...(groups !== undefined && { groups }),
      });
      tagger.dispose();
      for (const example of figure.slice(0, 3)) previewExample(output, example, dataset.inputShape);
      const written = await writeGroupFigure(args.out ?? run.picture('show'), figure, {
        inputShape: dataset.inputShape,
        title: `${recipe.name}, ${args.split}`,
      });
      for (const path of written) output.print(relative(process.cwd(), path));
    },
  };
}
