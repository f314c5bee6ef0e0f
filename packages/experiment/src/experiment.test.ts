import { experiment } from './experiment';

test('experiment says its name', () => {
  expect(experiment()).toBe('experiment');
});
