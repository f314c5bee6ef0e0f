import { fixed } from '../scores/fixed';
import { GROUPING_MEASURES, type GroupingMeasure } from '../scores/grouping-measures';
import type { MeasuredSetting, TrainedWith } from './measured-setting';

/** The measures of the table and the figures: the AMI, and the one that papers on object discovery report. */
export const SETTING_MEASURES = [GROUPING_MEASURES[0], GROUPING_MEASURES[1]] as const;

/** The score of a setting at its last iteration. */
export const lastScore = ({ iterations }: MeasuredSetting, measure: GroupingMeasure): number | undefined =>
  iterations.at(-1)?.[measure];

/**
 * The measures at the last iteration as aligned text tables: a row per number of objects, a column per number of groups. A star
 * marks what the model was trained with.
 */
export function settingsTable(settings: readonly MeasuredSetting[], trained: TrainedWith): string {
  const groups = [...new Set(settings.map((setting) => setting.groups))];
  const objects = [...new Set(settings.map((setting) => setting.objects))];
  const T = settings[0]?.iterations.length;
  const starred = (value: number | undefined, usual: number | undefined) => `${value}${value === usual ? '*' : ' '}`;
  const lines: string[] = [];
  for (const [measure, name] of SETTING_MEASURES) {
    if (settings.every((setting) => lastScore(setting, measure) === undefined)) continue;
    const title = `${name}, iteration ${T}`;
    const width = Math.max(24, title.length + 1);
    lines.push(title.padEnd(width) + groups.map((K) => `K = ${starred(K, trained.groups)}`.padStart(9)).join(''));
    for (const count of objects) {
      const cells = groups.map((K) => {
        const setting = settings.find((one) => one.groups === K && one.objects === count);
        const score = setting && lastScore(setting, measure);
        return (score === undefined ? '-' : `${fixed(score, 3)} `).padStart(9);
      });
      const row = count === undefined ? '  the data' : `  ${starred(count, trained.objects)} objects`;
      lines.push(row.padEnd(width) + cells.join(''));
    }
  }
  lines.push('* as in training');
  return lines.join('\n');
}
