import { NAMED_SETTINGS, readSettings } from './step-settings';

describe('settings', () => {
  it('are the named ones, changed by the command, then by the command line', () =>
    expect(
      readSettings({ size: 'small', set: ['batch=7', 'sizes=[30,20]', 'norm=batch'] }, { batch: 1, iterations: 5 }),
    ).toEqual({ ...NAMED_SETTINGS.small, iterations: 5, batch: 7, sizes: [30, 20], norm: 'batch' }));

  it.each(['batch=0', 'groups=many', 'sizes=10', 'noise=1', 'colors=3', 'batch'])('refuse --set %s', (change) =>
    expect(() => readSettings({ size: 'small', set: [change] })).toThrow(RangeError),
  );

  it('refuse an unknown size', () => expect(() => readSettings({ size: 'huge', set: [] })).toThrow(RangeError));
});
