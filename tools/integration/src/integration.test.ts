import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compile, installIntoEmptyProject, type EmptyProject } from './empty-project';
import { run } from './shell';
import { publishablePackages, readManifest, workspaceRoot, type PublishablePackage } from './workspace-packages';

const packages = publishablePackages();

/** Development dependencies that no package needs, according to the lock file. */
const developmentOnly = (() => {
  const lock = readLock(join(workspaceRoot, 'package-lock.json'));
  const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');
  const needed = new Set(lock.filter(([, { dev }]) => dev !== true).map(([path]) => nameOf(path)));
  const only = lock.filter(([path, { dev }]) => dev === true && !needed.has(nameOf(path)));
  return new Set(only.map(([path]) => nameOf(path)).filter((name) => !name.startsWith('@tensorflow/')));
})();

/** The README of a library that computes asks for a backend: here the simplest. */
function backendFor({ manifest }: PublishablePackage): Readonly<Record<string, string>> {
  const name = '@tensorflow/tfjs-backend-cpu';
  const computes = manifest.peerDependencies?.['@tensorflow/tfjs-core'] !== undefined;
  return computes ? { [name]: readManifest(workspaceRoot).devDependencies?.[name] ?? 'latest' } : {};
}

describe.each(packages.map((subject) => [subject.name, subject] as const))('%s installed alone', (name, subject) => {
  let project: EmptyProject;
  beforeAll(async () => {
    project = await installIntoEmptyProject([subject], backendFor(subject));
  });
  afterAll(() => project?.remove());

  const node = (file: string) => run(process.execPath, [file], { cwd: project.folder });
  const write = (file: string, code: string) => writeFileSync(join(project.folder, file), code);

  test('installs its dependencies and none of the development dependencies', () => {
    const installed = readLock(join(project.folder, 'node_modules/.package-lock.json')).map(([path]) =>
      path.replace(/^.*node_modules\//, ''),
    );
    expect(installed).toContain(name);
    expect(installed.filter((other) => developmentOnly.has(other))).toEqual([]);
    expect(installed.filter((other) => other.startsWith('@taggerjs-tools/'))).toEqual([]);
  });

  test('has no tests, configuration or build leftovers in its tarball', () => {
    const files = readdirSync(join(project.folder, 'node_modules', name), { recursive: true }).map(String);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.filter((file) => /\.test\.|jest|tsconfig|tsup\.config|(^|\/)out-/.test(file))).toEqual([]);
  });

  test('has the same exports imported and required, and keeps its internals closed', async () => {
    // Node adds these two to CommonJS that is imported and ESM that is required.
    const list = (load: string) => `
      const named = (name) => name !== 'default' && name !== 'module.exports';
      const exported = {};
      for (const entry of ${JSON.stringify(subject.entries)}) exported[entry] = Object.keys(${load}).filter(named).sort();`;
    const internals = ['dist/index.js', 'dist/index', 'src/index.ts', 'src/index'].map((path) => `${name}/${path}`);
    write(
      'exports.mjs',
      `${list('await import(entry)')}
       const internals = [];
       for (const path of ${JSON.stringify(internals)})
         internals.push(await import(path).then(() => 'opened', ({ code }) => code));
       console.log(JSON.stringify({ exported, internals }));`,
    );
    const { exported, internals: codes } = JSON.parse((await node('exports.mjs')).stdout) as {
      readonly exported: Readonly<Record<string, string[]>>;
      readonly internals: readonly string[];
    };
    expect(codes).toEqual(internals.map(() => 'ERR_PACKAGE_PATH_NOT_EXPORTED'));
    for (const entry of subject.entries) expect([entry, exported[entry]?.length]).not.toEqual([entry, 0]);
    if (subject.esmOnly) return;
    write('exports.cjs', `${list('require(entry)')} console.log(JSON.stringify(exported));`);
    expect(JSON.parse((await node('exports.cjs')).stdout)).toEqual(exported);
  });

  // programs/NAME.ts is a small program that uses the package. It is compiled as an ES module and as CommonJS.
  const program = join(__dirname, '../programs', `${subject.folder}.ts`);
  const formats = subject.esmOnly ? (['mts'] as const) : (['mts', 'cts'] as const);

  test('works from TypeScript as an ES module and as CommonJS', async () => {
    expect(existsSync(program)).toBe(true);
    for (const extension of formats) copyFileSync(program, join(project.folder, `program.${extension}`));
    compile(
      project,
      formats.map((extension) => `program.${extension}`),
      { module: 'node16', moduleResolution: 'node16' },
    );
    for (const extension of formats) {
      const { stdout } = await node(`program.${extension.replace('ts', 'js')}`);
      expect([extension, stdout.trim().split('\n').at(-1)]).toEqual([extension, 'ok']);
    }
  });

  test('has types for bundlers', () => {
    copyFileSync(program, join(project.folder, 'program.ts'));
    const options = { module: 'esnext', moduleResolution: 'bundler', noEmit: true, skipLibCheck: true };
    compile(project, ['program.ts'], options);
  });

  for (const [command, file] of Object.entries(subject.manifest.bin ?? {})) {
    test(`${command} prints its version and its help`, async () => {
      expect(existsSync(join(project.folder, 'node_modules', name, file))).toBe(true);
      const bin = (...args: string[]) =>
        run(join(project.folder, 'node_modules/.bin', command), args, {
          cwd: project.folder,
          shell: process.platform === 'win32',
        });
      expect((await bin('--version')).stdout.trim()).toBe(subject.manifest.version);
      expect((await bin('--help')).stdout).toContain(command);
    });
  }
});

/** What a lock file lists, by path. */
function readLock(file: string): [path: string, entry: { readonly dev?: boolean }][] {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Record<string, { readonly dev?: boolean }>;
  };
  return Object.entries(packages);
}
