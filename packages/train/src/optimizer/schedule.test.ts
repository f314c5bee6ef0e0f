import { createSchedule, type ScheduleOptions } from './schedule';

const base = { learningRate: 0.5, steps: 110, warmupSteps: 10, finalFraction: 0.04 } as const;

describe('createSchedule', () => {
  it('is constant by default', () => {
    const rate = createSchedule({ type: 'constant', learningRate: 3e-4 });
    expect([0, 1, 1e9].map(rate)).toEqual([3e-4, 3e-4, 3e-4]);
  });

  it.each(['constant', 'linear', 'cosine', 'exponential'] as const)(
    'warms up before %s: even steps to the rate',
    (type) => {
      const rate = createSchedule({ type, ...base });
      for (let step = 0; step < 10; step++) expect(rate(step)).toBeCloseTo((0.5 * (step + 1)) / 11, 15);
      expect(rate(10)).toBe(0.5);
    },
  );

  it.each<[ScheduleOptions['type'], (progress: number) => number]>([
    ['constant', () => 1],
    ['linear', (p) => 1 - 0.96 * p],
    ['cosine', (p) => 0.04 + (0.96 * (1 + Math.cos(Math.PI * p))) / 2],
    ['exponential', (p) => 0.04 ** p],
  ])('follows the formula of %s after the warm-up', (type, formula) => {
    const rate = createSchedule({ type, ...base });
    for (let step = 10; step <= 110; step++) expect(rate(step)).toBeCloseTo(0.5 * formula((step - 10) / 100), 13);
  });

  it.each(['linear', 'cosine', 'exponential'] as const)('falls from step to step, and rests at its end: %s', (type) => {
    const rate = createSchedule({ type, ...base });
    for (let step = 11; step <= 110; step++) expect(rate(step)).toBeLessThan(rate(step - 1));
    expect(rate(110)).toBeCloseTo(0.02, 15);
    expect(rate(5000)).toBe(rate(110));
  });

  it('ends at a hundredth by default', () => {
    for (const type of ['linear', 'cosine', 'exponential'] as const)
      expect(createSchedule({ type, learningRate: 1, steps: 7 })(7)).toBeCloseTo(0.01, 12);
  });

  it('may end at zero', () => {
    for (const type of ['linear', 'cosine'] as const)
      expect(createSchedule({ type, learningRate: 1, steps: 7, finalFraction: 0 })(7)).toBeCloseTo(0, 15);
  });

  it('stays constant before it falls: for the Ladder, two thirds constant, then linear to zero', () => {
    const rate = createSchedule({ type: 'linear', learningRate: 1, steps: 150, holdFraction: 2 / 3, finalFraction: 0 });
    for (const step of [0, 50, 100]) expect(rate(step)).toBe(1);
    expect(rate(125)).toBeCloseTo(0.5, 12);
    expect(rate(149)).toBeCloseTo(1 / 50, 12);
    expect(rate(150)).toBe(0);
  });

  it('is cut off during warm-up if there are fewer steps', () => {
    const rate = createSchedule({ type: 'cosine', learningRate: 1, steps: 3, warmupSteps: 9 });
    expect([0, 1, 2].map(rate)).toEqual([0.1, 0.2, 0.3]);
  });

  it.each<[string, Partial<Record<keyof ScheduleOptions, unknown>>]>([
    ['type', { type: 'step' }],
    ['type', { type: 'toString' }],
    ['learningRate', { learningRate: 0 }],
    ['learningRate', { learningRate: NaN }],
    ['learningRate', { learningRate: Infinity }],
    ['warmupSteps', { warmupSteps: -1 }],
    ['warmupSteps', { warmupSteps: 0.5 }],
    ['steps', { steps: 0 }],
    ['steps', { steps: 1.5 }],
    ['steps', { steps: Infinity }],
    ['finalFraction', { finalFraction: -0.1 }],
    ['finalFraction', { finalFraction: 1.1 }],
    ['finalFraction', { type: 'exponential', finalFraction: 0 }],
    ['holdFraction', { holdFraction: 1 }],
    ['holdFraction', { holdFraction: -0.1 }],
  ])('refuses a bad %s: %p', (option, change) => {
    const options = { type: 'linear', learningRate: 1, steps: 10, ...change } as ScheduleOptions;
    expect(() => createSchedule(options)).toThrow(
      expect.objectContaining({
        name: 'TaggerError',
        code: 'INVALID_OPTION',
        message: expect.stringContaining(option),
      }),
    );
  });
});
