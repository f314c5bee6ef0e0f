// Checks built and packed packages as users receive them: publint, types under every module resolution, documentation,
// API reports, side effects, size in a browser, size of large files. Writes the results to tools/workspace-tests/out-test/check.json.
//
//     node tools/workspace/check-packages.mjs [NAME...]     folders in packages/; default: all
//
// Uses one process for all packages, because loading TypeScript and warming it up takes longer than checking a package.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { differingApiReports } from './api-reports.mjs';
import { leftAfterTreeShaking, measureBundle } from './browser-bundle.mjs';
import { undocumentedExports } from './documentation.mjs';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const budgets = readJson(import.meta.dirname, 'size-budgets.json');

/** The checks of a package: functions by name that throw an error if they fail, and may return a note. */
function checksOf(folder) {
  const manifest = readJson(folder, 'package.json');
  const tarball = () => new Uint8Array(readFileSync(join(folder, 'out-pack/package.tgz')));
  /** The ES modules, with their declarations, that the package exports under any condition. */
  const modules = modulesOf(manifest.exports);
  const esmOnly = !JSON.stringify(manifest.exports).includes('"require"');
  const budget = budgets[manifest.name];

  const checks = {
    'publint accepts the tarball': async () => {
      const { messages, pkg } = await publint({ strict: true, pack: { tarball: tarball().buffer } });
      fail(messages.map((message) => formatMessage(message, pkg)));
    },

    'types resolve as the code does (attw)': async () => {
      const { types, problems } = await checkPackage(createPackageFromTarballData(tarball()));
      if (types === false) throw new Error('The tarball has no types.');
      const ignored = ['node10', ...(esmOnly ? ['node16-cjs'] : [])];
      const counts = ({ resolutionKind, resolutionOption }) => !ignored.includes(resolutionKind ?? resolutionOption);
      fail(problems.filter(counts).map((problem) => JSON.stringify(problem)));
    },

    'every public export is documented': () =>
      fail(undocumentedExports(modules.map(({ types }) => join(folder, types))), 'Without a docstring:'),

    'its API reports are current': () =>
      fail(
        differingApiReports(basename(folder)),
        'Run npm run api:update and review the change. Entry points that differ:',
      ),
  };

  for (const { file } of modules) {
    if (hasSideEffects(manifest, file)) continue;
    checks[`importing ${file} changes nothing`] = async () => {
      const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
      const script = join(import.meta.dirname, 'import-effects.mjs');
      const { stdout } = await run(process.execPath, [script, join(folder, file), ...dependencies]);
      fail(JSON.parse(stdout), 'The import changes:');
    };
    if (esmOnly || budget?.keeps !== undefined) continue;
    checks[`unused parts of ${file} can be dropped`] = async () => {
      const left = await leftAfterTreeShaking(join(folder, file));
      fail(left === '' ? [] : [left.slice(0, 2000)], 'A bundler must keep:');
    };
  }

  for (const [pattern, limit] of Object.entries(budget?.files ?? {})) {
    checks[`packs ${pattern} of at most ${limit} MB`] = () => {
      const named = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
      const files = packedFiles(tarball(), manifest.name).filter((path) => named.test(path));
      const sizes = files.map((path) => ({ path, megabytes: statSync(join(folder, path)).size / 1e6 }));
      if (sizes.length === 0) throw new Error('The tarball has no such file.');
      const large = sizes.filter(({ megabytes }) => megabytes > limit);
      fail(large.map(({ path, megabytes }) => `${path} has ${megabytes.toFixed(2)} MB.`));
      return `${Math.max(...sizes.map(({ megabytes }) => megabytes)).toFixed(2)} MB`;
    };
  }

  if (esmOnly) return checks;
  checks['has a size budget'] = () => {
    if (budget === undefined) throw new Error(`Add "${manifest.name}" to tools/workspace/size-budgets.json.`);
  };
  const { whole, imports = {} } = budget ?? {};
  for (const [exported, limit] of Object.entries({ ...(whole === undefined ? {} : { '*': whole }), ...imports })) {
    checks[`${exported === '*' ? 'the package' : exported} bundles for browsers in ${limit} kB`] = async () => {
      const size = await measureBundle(folder, manifest.name, exported);
      if (size > limit) throw new Error(`It is ${size.toFixed(2)} kB, minified and gzipped, tfjs not counted.`);
      return `${size.toFixed(2)} kB`;
    };
  }
  return checks;
}

/** Paths in a tarball, relative to the package. */
function packedFiles(tarball, name) {
  const root = `/node_modules/${name}/`;
  return createPackageFromTarballData(tarball)
    .listFiles()
    .map((path) => path.slice(root.length));
}

function fail(problems, heading = '') {
  if (problems.length > 0) throw new Error([heading, ...problems].join('\n').trim());
}

/** The `{ types, default }` leaves of an exports map that are ES modules. */
function modulesOf(conditions) {
  if (typeof conditions !== 'object') return [];
  if (conditions.types?.endsWith('.d.ts')) return [{ types: conditions.types, file: conditions.default }];
  return Object.values(conditions).flatMap(modulesOf);
}

/** Whether package.json declares that a file has side effects. */
function hasSideEffects({ sideEffects }, file) {
  return Array.isArray(sideEffects) ? sideEffects.includes(file) : sideEffects !== false;
}

const packages = join(root, 'packages');
const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(packages);
const results = [];
for (const name of names.filter((folder) => existsSync(join(packages, folder, 'package.json')))) {
  console.log(`\n${name}`);
  for (const [check, ask] of Object.entries(checksOf(join(packages, name)))) {
    try {
      const note = await ask();
      results.push({ name: `${name}: ${check}`, status: 'passed' });
      console.log(`ok      ${check}${typeof note === 'string' ? ` (${note})` : ''}`);
    } catch (error) {
      results.push({ name: `${name}: ${check}`, status: 'failed' });
      console.error(`FAILED  ${check}\n${error.message.replace(/^/gm, '        ')}`);
    }
  }
}
const file = join(root, 'tools/workspace-tests/out-test/check.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify({ results }, null, 2)}\n`);
process.exitCode = results.every(({ status }) => status === 'passed') ? 0 : 1;
