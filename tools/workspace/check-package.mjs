// Checks the built and packed package in the current folder as its users will meet it, and writes what was found to
// out-test/check.json: publint, the types under every resolution, documentation, side effects, size in a browser.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { measureBundle, leftAfterTreeShaking } from './browser-bundle.mjs';
import { undocumentedExports } from './documentation.mjs';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const budgets = JSON.parse(readFileSync(join(import.meta.dirname, 'size-budgets.json'), 'utf8'));
/** The ES modules that users of the package may get, with their declarations, under any condition. */
const modules = modulesOf(manifest.exports);
const esmOnly = !JSON.stringify(manifest.exports).includes('"require"');

/** Runs a command-line tool of the workspace; its output is the failure's message. */
async function tool(name, ...args) {
  try {
    await run(process.execPath, [join(root, 'node_modules', ...name.split('/')), ...args], { maxBuffer: 1 << 24 });
  } catch (error) {
    throw new Error(`${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message);
  }
}

const checks = {
  'publint has nothing to say about the tarball': () => tool('publint/src/cli.js', '--strict', 'out-pack/package.tgz'),

  'types resolve as the code does (attw)': () =>
    tool(
      '@arethetypeswrong/cli/dist/index.js',
      'out-pack/package.tgz',
      '--profile',
      esmOnly ? 'esm-only' : 'node16',
      '--no-color',
      '--no-emoji',
    ),

  'every public export is documented': () => {
    const missing = undocumentedExports(modules.map(({ types }) => resolve(types)));
    if (missing.length > 0) throw new Error(`Without a docstring: ${missing.join(', ')}`);
  },
};

const budget = budgets[manifest.name];
for (const { file } of modules) {
  if (hasSideEffects(file)) continue;
  checks[`importing ${file} changes nothing`] = async () => {
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const script = join(import.meta.dirname, 'import-effects.mjs');
    const { stdout } = await run(process.execPath, [script, resolve(file), ...dependencies]);
    const effects = JSON.parse(stdout);
    if (effects.length > 0) throw new Error(`It changes: ${effects.join(', ')}`);
  };
  if (esmOnly || budget?.keeps !== undefined) continue;
  checks[`what is not used of ${file} can be dropped`] = async () => {
    const left = await leftAfterTreeShaking(resolve(file));
    if (left !== '') throw new Error(`A bundler must keep:\n${left.slice(0, 2000)}`);
  };
}

if (!esmOnly) {
  checks['has a size budget'] = () => {
    if (budget === undefined) throw new Error(`Add "${manifest.name}" to tools/workspace/size-budgets.json.`);
  };
  const { whole, imports = {} } = budget ?? {};
  for (const [label, limit, names] of [
    ...(whole === undefined ? [] : [['the whole', whole, '*']]),
    ...Object.entries(imports).map(([name, limit]) => [name, limit, name]),
  ]) {
    checks[`${label} bundles for browsers in ${limit} kB`] = async () => {
      const size = await measureBundle(manifest.name, names);
      if (size > limit) throw new Error(`It is ${size.toFixed(2)} kB, minified and gzipped, tfjs not counted.`);
      return `${size.toFixed(2)} kB`;
    };
  }
}

/** The `{ types, default }` leaves of an exports map that are ES modules. */
function modulesOf(conditions) {
  if (typeof conditions !== 'object') return [];
  if (conditions.types?.endsWith('.d.ts')) return [{ types: conditions.types, file: conditions.default }];
  return Object.values(conditions).flatMap(modulesOf);
}

/** Whether package.json declares that a file has side effects. */
function hasSideEffects(file) {
  const declared = manifest.sideEffects;
  return declared === true || declared === undefined || (Array.isArray(declared) && declared.includes(file));
}

const results = [];
for (const [name, check] of Object.entries(checks)) {
  try {
    const note = await check();
    results.push({ name, status: 'passed' });
    console.log(`ok      ${name}${typeof note === 'string' ? ` (${note})` : ''}`);
  } catch (error) {
    results.push({ name, status: 'failed' });
    console.error(`FAILED  ${name}\n${error.message.replace(/^/gm, '        ')}`);
  }
}
mkdirSync('out-test', { recursive: true });
writeFileSync('out-test/check.json', `${JSON.stringify({ results }, null, 2)}\n`);
process.exitCode = results.every(({ status }) => status === 'passed') ? 0 : 1;
