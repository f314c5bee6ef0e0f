// `npm test`: everything that a change must pass, then a summary. Nx caches every stage: what did not change is not
// run again. `--all` adds the stages that need more time or more installed (`npm run test:all`).
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { nx, root } from './nx.mjs';

const all = process.argv.includes('--all');

/** A stage runs targets; `results` are the files in which they count what they checked. */
const stages = [
  { name: 'formatting', targets: ['format'] },
  { name: 'lint', targets: ['lint'] },
  { name: 'types', targets: ['typecheck'] },
  { name: 'unit and golden tests', targets: ['test', 'rules'], results: ['jest.json', 'rules.json'] },
  { name: 'build and pack', targets: ['build', 'pack'] },
  { name: 'package checks', targets: ['check'], results: ['check.json'] },
  {
    name: 'integration and documentation',
    targets: ['integration', 'snippets'],
    results: ['integration.json', 'snippets.json'],
  },
  ...(all ? [{ name: 'extra', targets: ['extra'], results: ['extra.json'] }] : []),
];

/** What the targets of a stage wrote down: `{ results: [{ name, status }] }` in out-test/ of each project. */
function readResults(names) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const folder of projectFolders()) {
    for (const name of names) {
      const file = join(root, folder, 'out-test', name);
      if (!existsSync(file)) continue;
      for (const { name: check, status } of JSON.parse(readFileSync(file, 'utf8')).results) {
        counts[status === 'passed' || status === 'failed' ? status : 'skipped']++;
        if (status === 'failed') counts.failures.push(`${folder}: ${check}`);
      }
    }
  }
  return counts;
}

function projectFolders() {
  return ['packages', 'tools'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)));
}

/** Results of an earlier run must not be counted: Nx writes them again, from its cache where nothing changed. */
function forgetResults() {
  for (const folder of projectFolders()) rmSync(join(root, folder, 'out-test'), { recursive: true, force: true });
}

const summary = [];
forgetResults();
for (const { name, targets, results } of stages) {
  console.log(`\n=== ${name} ===`);
  const start = performance.now();
  const status = await nx(['run-many', '--targets', targets.join(',')]);
  const counts = results ? readResults(results) : { passed: 0, failed: 0, skipped: 0, failures: [] };
  // A stage that counts nothing is one check; one that failed without a failed test counts as one failure.
  if (!results) counts[status === 0 ? 'passed' : 'failed']++;
  else if (status !== 0 && counts.failed === 0) counts.failed++;
  summary.push({ name, status, seconds: (performance.now() - start) / 1000, ...counts });
}

console.log('\n=== summary ===');
for (const { name, status, seconds, passed, failed, skipped } of summary) {
  const verdict = status === 0 && failed === 0 ? 'ok    ' : 'FAILED';
  const skips = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(`${verdict}  ${name.padEnd(30)} ${passed} passed, ${failed} failed${skips}  (${seconds.toFixed(1)} s)`);
}
const notRun = join(root, 'tools/integration/out-test/snippets-not-run.json');
if (existsSync(notRun)) {
  for (const { name, reason } of JSON.parse(readFileSync(notRun, 'utf8'))) {
    console.log(`not run: the program at ${name} (${reason})`);
  }
}
for (const { failures } of summary) for (const failure of failures) console.log(`failed: ${failure}`);

const sum = (key) => summary.reduce((total, stage) => total + stage[key], 0);
const failed = sum('failed');
process.exitCode = failed === 0 && summary.every(({ status }) => status === 0) ? 0 : 1;
console.log(`\n${sum('passed')} passed, ${failed} failed`);
