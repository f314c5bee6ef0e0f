import { isHeld, isQueued, parseAccounts, parseQueue } from './queue';

it('parseQueue reads the tasks of arrays', () => {
  const text = '7|0|RUNNING|None|node1\n7|1|PENDING|JobArrayTaskLimit|\n8|N/A|RUNNING|None|node2\n\n';
  expect(parseQueue(text)).toEqual([
    { index: 0, id: '7_0', state: 'RUNNING', node: 'node1' },
    { index: 1, id: '7_1', state: 'PENDING', reason: 'JobArrayTaskLimit' },
  ]);
});

it('parseAccounts reads the tasks that have started', () => {
  const text =
    '7_0|COMPLETED|node1\n7_1|CANCELLED by 1000|None assigned\n7_[2-5%2]|PENDING|None assigned\n9|FAILED|node2\n';
  expect(parseAccounts(text)).toEqual([
    { index: 0, id: '7_0', state: 'COMPLETED', node: 'node1' },
    { index: 1, id: '7_1', state: 'CANCELLED' },
  ]);
});

it.each([
  ['REQUEUE_HOLD', undefined, true],
  ['SPECIAL_EXIT', undefined, true],
  ['PENDING,REQUEUE_HOLD', undefined, true],
  ['PENDING', 'JobHeldAdmin', true],
  ['PENDING', 'launch failed requeued held', true],
  ['PENDING', 'Priority', false],
  ['RUNNING', undefined, false],
  ['REQUEUED', undefined, false],
])('isHeld: %s, %s', (state, reason, held) => {
  const task = { index: 0, id: '1_0', state, ...(reason !== undefined && { reason }) };
  expect([isHeld(task), isQueued(task)]).toEqual([held, true]);
});

it.each([
  ['PENDING', true],
  ['RUNNING', true],
  ['REQUEUED', true],
  ['COMPLETED', false],
  ['TIMEOUT', false],
  ['CANCELLED', false],
  ['FAILED,COMPLETING', false],
])('isQueued: %s', (state, queued) => expect(isQueued({ index: 0, id: '1_0', state })).toBe(queued));
