import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const actionlint = join(
  root,
  'node_modules/.cache/actionlint',
  `actionlint${process.platform === 'win32' ? '.exe' : ''}`,
);

/** What actionlint reports; `-` reads a workflow from the input. */
const lint = (files: readonly string[], input = '') => {
  if (!existsSync(actionlint)) throw new Error('Run npm run setup:actionlint first.');
  return spawnSync(actionlint, ['-oneline', ...files], { cwd: root, encoding: 'utf8', input });
};

test('the workflows are valid', () => {
  const workflows = readdirSync(join(root, '.github/workflows')).map((file) => join('.github/workflows', file));
  expect(workflows.length).toBeGreaterThan(0);
  expect(lint(workflows)).toMatchObject({ status: 0, stdout: '' });
});

test('a workflow that reads an unknown value is not', () => {
  const workflow = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nobody.x }}\n';
  expect(lint(['-'], workflow)).toMatchObject({ status: 1, stdout: expect.stringContaining('"nobody"') });
});
