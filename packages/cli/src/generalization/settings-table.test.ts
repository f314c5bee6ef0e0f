import type { MeasuredSetting } from './measured-setting';
import { settingsTable } from './settings-table';

const setting = (
  groups: number,
  objects: number | undefined,
  ami: number,
  ariForeground?: number,
): MeasuredSetting => ({
  groups,
  objects,
  iterations: [0.5, 1].map((part, i) => ({
    ...{ iteration: i + 1, cost: 0.1, groupsUsed: 2, entropy: 0.1, ami: part * ami },
    ...(ariForeground !== undefined && { ariForeground: part * ariForeground }),
  })),
});

it('settingsTable has a row per number of objects and a column per number of groups, and marks those of training', () => {
  const settings = [setting(4, 2, 0.9, 0.8), setting(5, 2, 0.7, 0.6), setting(4, 3, 0.5, 0.4), setting(5, 3, 0.3, 0.2)];
  expect(settingsTable(settings, { groups: 4, objects: 3 }).split('\n')).toEqual([
    'AMI, iteration 2           K = 4*   K = 5 ',
    '  2  objects               0.900    0.700 ',
    '  3* objects               0.500    0.300 ',
    'ARI-FG, iteration 2        K = 4*   K = 5 ',
    '  2  objects               0.800    0.600 ',
    '  3* objects               0.400    0.200 ',
    '* as in training',
  ]);
});

it('settingsTable leaves out measures that are unknown', () => {
  const lines = settingsTable([setting(4, undefined, 0.9), setting(6, undefined, 0.7)], {
    groups: 4,
    objects: undefined,
  });
  expect(lines.split('\n')).toEqual([
    'AMI, iteration 2           K = 4*   K = 6 ',
    '  the data                 0.900    0.700 ',
    '* as in training',
  ]);
});
