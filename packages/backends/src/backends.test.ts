import { backends } from './backends';

test('backends says its name', () => {
  expect(backends()).toBe('backends');
});
