import type { Recipe } from '@taggerjs/recipes';

import { GROUPING_MEASURES, type GroupingMeasure } from '../scores/grouping-measures';
import { spreadOf, type Spread } from './spread';

/** The parts of a run that a comparison needs. */
export interface ComparedRun {
  /** Its folder, as the user named it. */
  readonly path: string;
  readonly recipe: Recipe;
  /** Whether its training is finished. */
  readonly finished: boolean;
  /** Its metrics records. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
}

/** One evaluation of a run. */
export interface MeasuredMoment {
  readonly step: number;
  readonly iterations: readonly ({ readonly cost: number; readonly groupsUsed?: number } & {
    readonly [Measure in GroupingMeasure]?: number;
  })[];
}

/** Runs that differ at most in their seed. */
export interface ComparedGroup {
  /**
   * The name of the recipe, the settings that distinguish the group from the others, and the steps made if they are fewer than
   * planned.
   */
  readonly label: string;
  /** The settings that differ between groups: path and value. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly runs: readonly {
    readonly path: string;
    readonly seed: number | string;
    readonly moments: readonly MeasuredMoment[];
  }[];
  /** The last evaluation of the runs, by iteration. Includes the measures of grouping that all runs have. */
  readonly iterations: readonly ({ readonly iteration: number; readonly cost: Spread } & {
    readonly [Measure in GroupingMeasure]?: Spread;
  })[];
  /** The lowest and the highest step of the last evaluations. */
  readonly steps: readonly [low: number, high: number];
}

/**
 * Groups the runs that differ at most in their seed, and summarizes their last evaluations. Medians of runs that are at
 * different steps would say little, so a group with finished runs leaves the others out.
 *
 * @returns the groups in the order of their first runs, the paths of runs that were never evaluated, and of those left out
 *   because they are not finished
 */
export function compareRuns(runs: readonly ComparedRun[]): {
  readonly groups: readonly ComparedGroup[];
  readonly unmeasured: readonly string[];
  readonly unfinished: readonly string[];
} {
  const unmeasured: string[] = [];
  const unfinished: string[] = [];
  const bySettings = new Map<
    string,
    { settings: Map<string, unknown>; name: string; finished: boolean; runs: ComparedGroup['runs'][number][] }
  >();
  for (const { path, recipe, finished, metrics } of runs) {
    const moments = momentsOf(metrics);
    if (moments.length === 0) {
      unmeasured.push(path);
      continue;
    }
    const settings = settingsOf(recipe);
    const key = JSON.stringify([...settings]);
    const group = bySettings.get(key) ?? { settings, name: recipe.name, finished, runs: [] };
    if (finished && !group.finished) {
      unfinished.push(...group.runs.splice(0).map(({ path }) => path));
      group.finished = true;
    }
    if (finished === group.finished) group.runs.push({ path, seed: recipe.training.seed, moments });
    else unfinished.push(path);
    bySettings.set(key, group);
  }

  const all = [...bySettings.values()];
  const paths = new Set(all.flatMap(({ settings }) => [...settings.keys()]));
  const differing = [...paths].filter(
    (path) => new Set(all.map(({ settings }) => JSON.stringify(settings.get(path)))).size > 1,
  );
  const groups = all.map(({ settings, name, runs }): ComparedGroup => {
    const own = Object.fromEntries(differing.map((path) => [path, settings.get(path)]));
    const shown = Object.entries(own).filter(([path, value]) => value !== undefined && path !== 'name');
    const last = runs.map(({ moments }) => moments.at(-1) as MeasuredMoment);
    const count = Math.min(...last.map(({ iterations }) => iterations.length));
    const [low, high] = [Math.min(...last.map(({ step }) => step)), Math.max(...last.map(({ step }) => step))];
    const planned = settings.get('training.steps');
    // A run that ended early, such as at its time limit, made other steps than planned.
    const early = typeof planned === 'number' && low < planned;
    return {
      label: [
        name,
        ...shown
          .filter(([path]) => !(early && path === 'training.steps'))
          .map(([path, value]) => `${path}=${asText(value)}`),
        ...(early ? [`after ${low === high ? low : `${low}..${high}`} of ${planned} steps`] : []),
      ].join(' '),
      settings: own,
      runs,
      iterations: Array.from({ length: count }, (_, i) => {
        const costs = last.map(({ iterations }) => iterations[i]?.cost as number);
        const known = GROUPING_MEASURES.flatMap(([measure]) => {
          const scores = last.map(({ iterations }) => iterations[i]?.[measure]);
          const all = scores.every((score): score is number => typeof score === 'number');
          return all ? [[measure, spreadOf(scores)] as const] : [];
        });
        return { iteration: i + 1, cost: spreadOf(costs), ...Object.fromEntries(known) };
      }),
      steps: [low, high],
    };
  });
  return { groups, unmeasured, unfinished };
}

/** The evaluations of a run by step. If a step has two, the later one counts. */
function momentsOf(metrics: ComparedRun['metrics']): MeasuredMoment[] {
  const byStep = new Map<number, MeasuredMoment>();
  for (const record of metrics) {
    const { type, step, iterations = [] } = record as Partial<MeasuredMoment> & { readonly type?: unknown };
    if (type === 'evaluation' && step !== undefined) byStep.set(step, { step, iterations });
  }
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** The values of a recipe by path, without the seed and the description. */
function settingsOf(recipe: Recipe): Map<string, unknown> {
  const settings = new Map<string, unknown>();
  const visit = (value: unknown, path: string) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const key of Object.keys(value).sort()) {
        visit((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
      }
    } else if (path !== 'training.seed' && path !== 'description') settings.set(path, value);
  };
  visit(recipe, '');
  return settings;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
