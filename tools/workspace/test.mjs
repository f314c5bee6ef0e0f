// `npm test`: runs every check that a change must pass, then prints a summary. Nx caches every task, so unchanged tasks do not
// run again. `--all` (`npm run test:all`) adds the tasks that need more time or more installed software.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { nx, root } from './nx.mjs';

/**
 * Phases of stages. The stages of a phase run together to keep all cores busy. `results` names the files in each project's
 * out-test/ folder in which the targets of a stage list their checks, as `{ results: [{ name, status }] }`.
 */
const phases = [
  [
    { name: 'formatting', targets: ['format'] },
    { name: 'lint', targets: ['lint', 'cycles'] },
    { name: 'types', targets: ['typecheck'] },
    { name: 'unit and golden tests', targets: ['test', 'rules'], results: ['jest.json', 'rules.json'] },
    { name: 'build', targets: ['build', 'pack'] },
    { name: 'package checks', targets: ['check'], results: ['check.json'] },
    { name: 'packages as installed', targets: ['integration'], results: ['integration.json'] },
    { name: 'programs of the documentation', targets: ['snippets'], results: ['snippets.json'] },
  ],
  ...(process.argv.includes('--all') ? [[{ name: 'extra', targets: ['extra'], results: ['extra.json'] }]] : []),
];

const projects = ['packages', 'tools'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(parent, name)),
);
// Delete the results of earlier runs so that they do not count. Nx restores those of cached tasks.
for (const project of projects) rmSync(join(root, project, 'out-test'), { recursive: true, force: true });

const start = performance.now();
const stages = [];
for (const phase of phases) {
  console.log(`\n=== ${phase.map(({ name }) => name).join(', ')} ===`);
  const status = await nx(['run-many', '--targets', phase.flatMap(({ targets }) => targets).join(',')]);
  for (const stage of phase) stages.push(countStage(stage, status));
}

console.log('\n=== summary ===');
for (const { name, passed, failed, skipped, seconds, cached, tasks } of stages) {
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  const work = tasks === 0 ? 'nothing to do' : cached === tasks ? 'cached' : `${seconds.toFixed(0)} s of work`;
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(30)} ${counts.padEnd(28)} ${work}`);
}
for (const { name, reason } of readJson('tools/integration/out-test/snippets-not-run.json') ?? []) {
  console.log(`not run: the program at ${name} (${reason})`);
}
for (const { failures } of stages) for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${((performance.now() - start) / 60_000).toFixed(1)} minutes`);

const total = (key) => stages.reduce((sum, stage) => sum + stage[key], 0);
process.exitCode = total('failed') === 0 ? 0 : 1;
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);

/** Counts the tasks of a stage in the last Nx run, and their checks. */
function countStage({ name, targets, results = [] }, status) {
  const tasks = (readJson('.nx/cache/run.json')?.tasks ?? []).filter(({ target }) => targets.includes(target));
  const failedTasks = tasks.filter((task) => task.status !== 0);
  const stage = {
    name,
    ...{ passed: 0, failed: 0, skipped: 0, failures: [] },
    tasks: tasks.length,
    cached: tasks.filter(({ cacheStatus }) => cacheStatus !== 'cache-miss').length,
    seconds: tasks.reduce((sum, task) => sum + (new Date(task.endTime) - new Date(task.startTime)) / 1000, 0),
  };
  for (const project of projects) {
    for (const file of results) {
      for (const result of readJson(project, 'out-test', file)?.results ?? []) {
        stage[result.status === 'passed' || result.status === 'failed' ? result.status : 'skipped']++;
        if (result.status === 'failed') stage.failures.push(`${project}: ${result.name}`);
      }
    }
  }
  // A task without a list of checks counts as one check. A task that failed without a failed check, or did not run, is a failure.
  if (results.length === 0) stage.passed += tasks.length - failedTasks.length;
  if (results.length === 0 || stage.failed === 0) {
    stage.failed += failedTasks.length;
    stage.failures.push(...failedTasks.map(({ taskId }) => taskId));
  }
  if (status !== 0 && tasks.length === 0) {
    stage.failed++;
    stage.failures.push(`${name}: not run because a dependency failed`);
  }
  return stage;
}

function readJson(...path) {
  const file = join(root, ...path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
