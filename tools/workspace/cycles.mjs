// `npm run cycles`: fails if the workspace has import cycles, including type imports.
//
//     node tools/workspace/cycles.mjs [FOLDER]     FOLDER contains packages/ and tools/; default: the current one
import { cruise } from 'dependency-cruiser';

/** Files that may be part of a cycle: the reason by path. */
const EXCEPTIONS = {
  'packages/backend-wasm/assembly/tasks.ts':
    'WASM threads receive a task by number: this table calls every kernel, and the kernels start tasks.',
};

const { output } = await cruise(
  ['packages', 'tools'],
  {
    baseDir: process.argv[2] ?? process.cwd(),
    includeOnly: '^(packages|tools)/',
    exclude: ['/(node_modules|dist|out-[^/]+)/', ...Object.keys(EXCEPTIONS).map((path) => `^${path}$`)],
    // Without this, the compiler drops type imports before they are counted.
    tsPreCompilationDeps: true,
    validate: true,
    ruleSet: {
      forbidden: [
        { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
        // An import that does not resolve could hide a cycle.
        { name: 'resolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
      ],
    },
  },
  {
    exportsFields: ['exports'],
    conditionNames: ['@taggerjs/source', 'import', 'default'],
    extensions: ['.ts', '.mts', '.mjs', '.cjs', '.js', '.vue', '.json'],
  },
);

/** Cycles by their files, because every edge of a cycle reports the same cycle from a different start. */
const cycles = new Map();
const unresolved = [];
for (const { rule, from, to, cycle } of output.summary.violations) {
  const files = [from, ...(cycle ?? []).map(({ name }) => name)];
  if (rule.name === 'no-cycle') cycles.set([...new Set(files)].sort().join(), files.join(' -> '));
  else unresolved.push(`${from} -> ${to}`);
}
for (const cycle of cycles.values()) console.error(`cycle: ${cycle}`);
for (const edge of unresolved) console.error(`not resolved: ${edge}`);
console.log(`${cycles.size} import cycles in ${output.summary.totalCruised} files`);
process.exitCode = cycles.size + unresolved.length === 0 ? 0 : 1;
