import { curveFigure, groupColor, type CurveSeries } from '@taggerjs/viz';

import { writeBoth } from '../run/pictures';
import type { ComparedGroup, MeasuredMoment } from './compare-runs';
import { spreadOf } from './spread';

/**
 * Draws AMI and denoising cost at the last iteration over the steps. Each group of runs has a curve of the median and a band
 * between the quartiles.
 *
 * @returns the paths written, or none if no group was evaluated twice
 */
export async function writeCompareCurves(path: string, groups: readonly ComparedGroup[]): Promise<string[]> {
  const written: string[] = [];
  for (const [measure, yLabel] of [
    ['ami', 'AMI at the last iteration'],
    ['cost', 'denoising cost at the last iteration'],
  ] as const) {
    const series = groups.flatMap((group, g) => seriesOf(group, g, measure));
    if (series.length === 0) continue;
    written.push(...(await writeBoth(`${path}-${measure}`, curveFigure({ series, xLabel: 'step', yLabel }))));
  }
  return written;
}

function seriesOf({ label, runs }: ComparedGroup, group: number, measure: 'ami' | 'cost'): CurveSeries[] {
  const value = ({ iterations }: MeasuredMoment) => iterations.at(-1)?.[measure];
  const curves = runs.map(
    ({ moments }) =>
      new Map(
        moments.flatMap((moment) =>
          typeof value(moment) === 'number' ? [[moment.step, value(moment) as number]] : [],
        ),
      ),
  );
  // A median needs all runs, so use only the steps at which every run was evaluated.
  const steps = [...(curves[0]?.keys() ?? [])].filter((step) => curves.every((curve) => curve.has(step)));
  if (steps.length < 2) return [];
  const spreads = steps.map((step) => spreadOf(curves.map((curve) => curve.get(step) as number)));
  return [
    {
      name: runs.length === 1 ? label : `${label} (${runs.length} runs)`,
      x: steps,
      y: spreads.map(({ median }) => median),
      color: groupColor(group),
      ...(runs.length > 1 && {
        low: spreads.map(({ quartiles }) => quartiles[0]),
        high: spreads.map(({ quartiles }) => quartiles[1]),
      }),
    },
  ];
}
