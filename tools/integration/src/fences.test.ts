import { fencesOf, treatmentOf } from './fences';

const markdown = (...lines: string[]) => lines.join('\n');

test('a fence has its language, its code and its line', () => {
  expect(fencesOf(markdown('# Title', '', '```ts', 'a;', 'b;', '```', 'text', '~~~', 'x', '~~~'))).toEqual([
    { language: 'ts', note: '', code: 'a;\nb;', line: 4 },
    { language: '', note: '', code: 'x', line: 9 },
  ]);
});

test('a longer fence holds a shorter one', () => {
  expect(fencesOf(markdown('````md', '```ts', '```', '````'))).toEqual([
    { language: 'md', note: '', code: '```ts\n```', line: 2 },
  ]);
});

test.each([
  ['ts', '', { kind: 'typescript' }],
  ['js', '', { kind: 'javascript' }],
  ['ts', 'no-run needs a browser', { kind: 'not-run', reason: 'needs a browser' }],
  ['ts', 'no-run', { kind: 'not-run', reason: '' }],
  ['sh', '', { kind: 'text' }],
  ['sh', 'run', { kind: 'shell' }],
  ['json', '', { kind: 'text' }],
])('```%s %s is treated as %j', (language, note, treatment) => {
  expect(treatmentOf({ language, note, code: '', line: 1 })).toEqual(treatment);
});
