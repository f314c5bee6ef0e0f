import { curveFigure, type CurveSeries } from '@taggerjs/viz';

import { writeBoth } from '../run/pictures';
import type { MeasuredSetting, TrainedWith } from './measured-setting';
import { lastScore, SETTING_MEASURES } from './settings-table';

/** File names of the measures. */
const FILES = { ami: 'ami', ariForeground: 'ari-foreground' } as const;

/**
 * Draws the measures at the last iteration over the number of objects, a curve per number of groups (or over the groups, for one
 * number of objects), and the measures by iteration, a curve per number of objects.
 *
 * @returns the paths written
 */
export async function writeSettingsFigures(
  path: string,
  settings: readonly MeasuredSetting[],
  trained: TrainedWith,
): Promise<string[]> {
  const objects = [...new Set(settings.map((setting) => setting.objects))];
  const groups = [...new Set(settings.map((setting) => setting.groups))];
  const byObjects = objects.length > 1;
  const T = settings[0]?.iterations.length ?? 0;
  const written: string[] = [];
  for (const [measure, name] of SETTING_MEASURES) {
    if (settings.some((setting) => lastScore(setting, measure) === undefined)) continue;
    const score = (setting: MeasuredSetting) => lastScore(setting, measure) as number;
    const curve = (label: string, own: readonly MeasuredSetting[], dashed: boolean): CurveSeries => ({
      name: label,
      x: own.map((setting) => (byObjects ? (setting.objects as number) : setting.groups)),
      y: own.map(score),
      dashed,
    });
    const series = byObjects
      ? groups.map((K) =>
          curve(
            `K = ${K}`,
            settings.filter((one) => one.groups === K),
            K === trained.groups,
          ),
        )
      : [curve(`iteration ${T}`, settings, false)];
    const caption = byObjects && groups.includes(trained.groups) ? { caption: 'Dashed: K as in training.' } : {};
    const xLabel = byObjects ? 'Objects in each image' : 'Groups K';
    const yLabel = `${name} at iteration ${T}`;
    written.push(
      ...(await writeBoth(`${path}-${FILES[measure]}`, curveFigure({ series, xLabel, yLabel, ...caption }))),
    );
  }
  // By iteration, with the K of training if it is among the settings.
  const K = groups.includes(trained.groups) ? trained.groups : (groups[0] as number);
  const shown = settings.filter((setting) => (byObjects ? setting.groups === K : true));
  if (T > 1 && shown.every((setting) => lastScore(setting, 'ami') !== undefined)) {
    const series = shown.map(({ objects: count, groups: own, iterations }): CurveSeries => ({
      name: byObjects ? `${count} objects` : `K = ${own}`,
      x: iterations.map(({ iteration }) => iteration),
      y: iterations.map(({ ami }) => ami as number),
    }));
    const yLabel = byObjects ? `AMI, K = ${K}` : 'AMI';
    written.push(...(await writeBoth(`${path}-iterations`, curveFigure({ series, xLabel: 'Iteration', yLabel }))));
  }
  return written;
}
