import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const readJson = (...path: string[]) => JSON.parse(read(...path));

/** package.json of everything in a folder of the workspace, by folder. */
const manifests = (parent: string) =>
  readdirSync(join(root, parent))
    .filter((folder) => existsSync(join(root, parent, folder, 'package.json')))
    .map((folder) => [`${parent}/${folder}`, readJson(parent, folder, 'package.json')] as const);

const packages = manifests('packages');
const tools = manifests('tools');
const folders = new Map([...packages, ...tools].map(([folder, { name }]) => [name as string, folder]));
const layerOf = (manifest: { nx: { tags: string[] } }) =>
  manifest.nx.tags.filter((tag) => tag.startsWith('layer:')).map((tag) => tag.slice('layer:'.length));

/** Licenses of packages that name a file instead: what it says, as read. */
const LICENSES_READ: Readonly<Record<string, string>> = {
  // The terms of NIST and of The HDF Group, both of the kind of BSD's: keep the notice, no warranty.
  h5wasm: 'BSD-3-Clause',
};

describe.each(packages)('%s', (folder, manifest) => {
  const dependencies: Readonly<Record<string, string>> = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  };
  const workspaceDependencies = Object.keys(dependencies).filter((name) => folders.has(name));

  test('is named after its folder', () => {
    const name = folder.replace('packages/', '');
    expect([`@taggerjs/${name}`, name]).toContain(manifest.name);
  });

  test('says what it is', () => {
    expect(manifest.description).toMatch(/^[A-Z].{19,}[^.]$/);
    expect(manifest.keywords).toEqual(expect.arrayContaining(['tagger']));
    expect(manifest.license).toBe('MIT');
    expect(read(folder, 'LICENSE')).toBe(read('LICENSE'));
    expect(read(folder, 'README.md')).toMatch(new RegExp(`^# ${manifest.name}\n`));
  });

  test('has a version like all others, and depends on theirs', () => {
    const { version } = readJson('package.json');
    expect(manifest.version).toBe(version);
    for (const name of workspaceDependencies) expect([name, dependencies[name]]).toEqual([name, `^${version}`]);
  });

  test('is on one layer, above everything that it depends on', () => {
    const [layer, ...others] = layerOf(manifest);
    expect(others).toEqual([]);
    expect(layer).toMatch(/^([0-8]|backend)$/);
    for (const name of workspaceDependencies) {
      const below = layerOf(readJson(folders.get(name) as string, 'package.json'))[0];
      if (layer === 'backend') expect(['0', '1', 'backend']).toContain(below);
      else if (below === 'backend') expect(Number(layer)).toBeGreaterThanOrEqual(7);
      else expect(Number(below)).toBeLessThan(Number(layer));
    }
  });

  test('closes its internals: every export is listed, from source for siblings, built for users', () => {
    expect(manifest.exports['./package.json']).toBe('./package.json');
    for (const [path, conditions] of Object.entries<Record<string, unknown>>(manifest.exports)) {
      expect(path).not.toContain('*');
      if (path === './package.json') continue;
      // The order decides: the first condition that holds is taken.
      expect(Object.keys(conditions)[0]).toBe('@taggerjs/source');
      const { '@taggerjs/source': sources, ...built } = conditions;
      for (const file of leaves(sources)) {
        expect(file).toMatch(/^\.\/src\/[\w.-]+\.ts$/);
        expect(existsSync(join(root, folder, file))).toBe(true);
      }
      for (const file of leaves(built)) expect(file).toMatch(/^\.\/dist\/[\w.-]+\.(js|cjs|d\.ts|d\.cts)$/);
      expect(leaves(conditions['import'])).toHaveLength(2);
    }
  });

  test('says which of its files have side effects: none, or those that register something', () => {
    const files = manifest.sideEffects === false ? [] : manifest.sideEffects;
    expect(files).toEqual(expect.any(Array));
    for (const file of files) expect(file).toMatch(/^\.\/(dist|src)\/.*register/);
  });

  test('publishes its build and its sources, not its tests', () => {
    expect(manifest.private).toBeUndefined();
    expect(manifest.type).toBe('module');
    expect(manifest.engines).toEqual({ node: '>=20' });
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'src', '!src/**/*.test.ts']));
  });

  test('runs nothing when it is installed, and takes TensorFlow.js from the application', () => {
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => /install|prepare|pack|publish/.test(name))).toEqual([]);
    if (manifest.bin === undefined) expect(manifest.dependencies ?? {}).not.toHaveProperty('@tensorflow/tfjs-core');
  });

  test('depends on permissive licenses only', () => {
    const names = Object.keys(manifest.dependencies ?? {}).filter((name) => !folders.has(name));
    const licenses = names.map((name) => [name, LICENSES_READ[name] ?? installed(folder, name).license]);
    const permissive = expect.stringMatching(/^\(?(MIT|ISC|BSD|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|OFL-1\.1)\b/);
    expect(licenses).toEqual(names.map((name) => [name, permissive]));
  });

  test('has every target that Nx runs', () => {
    const standard = ['build', 'bundle', 'declarations', 'pack', 'test'];
    expect(Object.keys(manifest.nx.targets)).toEqual(expect.arrayContaining(standard));
  });

  test('has TypeScript references to what it depends on', () => {
    const references = readJson(folder, 'tsconfig.json').references.map(({ path }: { path: string }) =>
      relative(root, resolve(root, folder, path)),
    );
    // What is tested in a browser imports it.
    const sources = readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.extra.ts'))
      .map((path) => readFileSync(join(root, folder, 'src', path), 'utf8'));
    const tools = sources.some((text) => text.includes("from '@taggerjs-tools/browser'")) ? ['tools/browser'] : [];
    const expected = [...workspaceDependencies.map((name) => folders.get(name)), 'tools/testing', ...tools];
    expect(references.sort()).toEqual(expected.sort());
    expect(readJson('tsconfig.json').references).toContainEqual({ path: `./${folder}` });
  });
});

test('the lock file has every package of the workspace', () => {
  const lock = readJson('package-lock.json').packages as Record<string, object>;
  for (const [folder, manifest] of [...packages, ...tools]) {
    const { dependencies, devDependencies, peerDependencies } = manifest;
    expect([folder, lock[folder]]).toEqual([
      folder,
      expect.objectContaining(JSON.parse(JSON.stringify({ dependencies, devDependencies, peerDependencies }))),
    ]);
  }
});

test('the lock file names no download addresses', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved": "http/);
});

test('the lock file has what other systems than the one it was written on install', () => {
  // Where a registry lacks a system's build of a package, npm leaves it out, and `npm ci` refuses the lock file.
  const lock = readJson('package-lock.json').packages as Record<string, { optionalDependencies?: object }>;
  const names = new Set(Object.keys(lock).map((path) => path.replace(/^.*node_modules\//, '')));
  const wanted = Object.values(lock).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test('all @nx packages have one version', () => {
  const lock = readJson('package-lock.json').packages as Record<string, { version: string }>;
  const versions = Object.entries(lock).filter(([path]) => /^node_modules\/(nx|@nx\/(?!nx-)[\w-]+)$/.test(path));
  expect(versions.length).toBeGreaterThan(1);
  expect(new Set(versions.map(([, { version }]) => version)).size).toBe(1);
});

/** The files of an exports map under any condition. */
function leaves(conditions: unknown): string[] {
  return typeof conditions === 'string' ? [conditions] : Object.values(conditions as object).flatMap(leaves);
}

/** package.json of a dependency as the package in a folder finds it. */
function installed(folder: string, name: string): { license?: string } {
  for (let at = join(root, folder); ; at = dirname(at)) {
    const path = join(at, 'node_modules', name, 'package.json');
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
    if (at === root) throw new Error(`${name} is not installed.`);
  }
}
