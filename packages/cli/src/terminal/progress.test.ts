import { PassThrough } from 'node:stream';

import { createOutput } from './output';
import { clock, createProgress } from './progress';

describe('clock', () => {
  it.each([
    [0, '0:00'],
    [75, '1:15'],
    [3675, '1:01:15'],
    [Infinity, '-'],
  ])('%d seconds are %s', (seconds, text) => expect(clock(seconds)).toBe(text));
});

describe('createProgress', () => {
  const lines = (steps: readonly number[], options?: { quiet: boolean }) => {
    const stderr = new PassThrough();
    const progress = createProgress(createOutput({ stderr }), options);
    for (const seconds of steps) {
      progress.update({ step: 10 * seconds, steps: 1000, cost: 0.5, seconds, maxSeconds: Infinity });
    }
    progress.stop();
    return String(stderr.read() ?? '');
  };

  it('prints a plain line every ten seconds without a terminal', () => {
    expect(lines([1, 2, 9, 11, 12, 30])).toBe(
      [
        '  step 10/1000, cost 0.5000, 10.0 steps/s, 1:39 left',
        '  step 110/1000, cost 0.5000, 10.0 steps/s, 1:29 left',
        '  step 300/1000, cost 0.5000, 10.0 steps/s, 1:10 left',
        '',
      ].join('\n'),
    );
  });

  it('prints nothing when quiet', () => expect(lines([1, 11], { quiet: true })).toBe(''));
});
