import { parseArgs } from 'node:util';

import { NAMED_SETTINGS, readSettings, SETTINGS_OPTIONS, writeSettings, type StepSettings } from './step-settings';

const read = (args: string[], base: StepSettings = NAMED_SETTINGS.shapes) =>
  readSettings(parseArgs({ args, options: SETTINGS_OPTIONS }).values, base);

describe('settings', () => {
  it('survive a round trip through a command line', () => {
    for (const settings of Object.values(NAMED_SETTINGS)) {
      expect(read(writeSettings(settings), NAMED_SETTINGS.small)).toEqual(settings);
    }
  });

  it('keep values that a command line does not set', () =>
    expect(read(['--batch', '7'])).toEqual({ ...NAMED_SETTINGS.shapes, batch: 7 }));

  it.each([
    ['--batch', '0'],
    ['--groups', 'many'],
    ['--sizes', '10,,5'],
    ['--noise', 'salt'],
    ['--task', 'rest'],
  ])('refuse %s %s', (...args) => expect(() => read(args)).toThrow(RangeError));
});
