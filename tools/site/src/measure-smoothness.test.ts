import { smoothnessInWords } from './measure-smoothness';

it('reports median, 95th percentile and maximum of the intervals, and the long tasks', () => {
  const intervals = Array.from({ length: 1001 }, (_, i) => (i < 900 ? 16.66 : i < 1000 ? 33.3 : 120));
  expect(smoothnessInWords({ intervals, longTasks: [] })).toBe(
    'a frame every 16.7 ms (median of 1,001; 95th percentile 33.3 ms, longest 120.0 ms), no task over 50 ms',
  );
  expect(smoothnessInWords({ intervals, longTasks: [61, 80.4] })).toMatch(/2 tasks over 50 ms, the longest 80 ms$/);
  expect(smoothnessInWords({ intervals, longTasks: [61] })).toMatch(/1 task over 50 ms, the longest 61 ms$/);
});
