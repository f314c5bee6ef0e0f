import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compile, installIntoEmptyProject, type EmptyProject } from './empty-project';
import { run } from './shell';
import { publishablePackages, readManifest, workspaceRoot, type PublishablePackage } from './workspace-packages';

const packages = publishablePackages();

/** What the workspace develops with, and no package needs: what npm marks so in the lock file. */
const developmentOnly = (() => {
  const lock = readLock(join(workspaceRoot, 'package-lock.json'));
  const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');
  const needed = new Set(lock.filter(([, { dev }]) => dev !== true).map(([path]) => nameOf(path)));
  const only = lock.filter(([path, { dev }]) => dev === true && !needed.has(nameOf(path)));
  return new Set(only.map(([path]) => nameOf(path)).filter((name) => !name.startsWith('@tensorflow/')));
})();

/** What the README of a library that computes tells its users to install: a backend, here the simplest. */
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

  test('brings what it needs and nothing that the workspace develops with', () => {
    const installed = readLock(join(project.folder, 'node_modules/.package-lock.json')).map(([path]) =>
      path.replace(/^.*node_modules\//, ''),
    );
    expect(installed).toContain(name);
    expect(installed.filter((other) => developmentOnly.has(other))).toEqual([]);
    expect(installed.filter((other) => other.startsWith('@taggerjs-tools/'))).toEqual([]);
  });

  test('has no tests, configurations or generated extras in its tarball', () => {
    const files = readdirSync(join(project.folder, 'node_modules', name), { recursive: true }).map(String);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.filter((file) => /\.test\.|jest|tsconfig|tsup\.config|(^|\/)out-/.test(file))).toEqual([]);
  });

  test('has the same exports imported and required', async () => {
    const list = (load: (entry: string) => string) =>
      subject.entries.map((entry) => `'${entry}': Object.keys(${load(`'${entry}'`)}).filter(named).sort()`).join(', ');
    // Node adds these two to CommonJS that is imported and ESM that is required.
    const named = `const named = (name) => name !== 'default' && name !== 'module.exports';`;
    const print = (value: string) => `console.log(JSON.stringify({ ${value} }));`;
    write('exports.mjs', named + print(list((entry) => `await import(${entry})`)));
    const imported = JSON.parse((await node('exports.mjs')).stdout) as Record<string, string[]>;
    for (const entry of subject.entries) expect([entry, imported[entry]?.length]).not.toEqual([entry, 0]);
    if (subject.esmOnly) return;
    write('exports.cjs', named + print(list((entry) => `require(${entry})`)));
    expect(JSON.parse((await node('exports.cjs')).stdout)).toEqual(imported);
  });

  test('keeps its internals closed', async () => {
    for (const internal of ['dist/index.js', 'dist/index', 'src/index.ts', 'src/index']) {
      write(
        'internal.mjs',
        `await import('${name}/${internal}').then(() => 'opened', ({ code }) => code).then(console.log);`,
      );
      expect([internal, (await node('internal.mjs')).stdout.trim()]).toEqual([
        internal,
        'ERR_PACKAGE_PATH_NOT_EXPORTED',
      ]);
    }
  });

  // programs/NAME.ts is a small program that uses the package. It is compiled as an ES module and as CommonJS.
  const program = join(__dirname, '../programs', `${subject.folder}.ts`);
  const formats = subject.esmOnly ? (['mts'] as const) : (['mts', 'cts'] as const);

  test('is used from TypeScript by import and by require', async () => {
    expect(existsSync(program)).toBe(true);
    for (const extension of formats) copyFileSync(program, join(project.folder, `program.${extension}`));
    await compile(
      project,
      formats.map((extension) => `program.${extension}`),
      { module: 'node16', moduleResolution: 'node16' },
    );
    for (const extension of formats) {
      const { stdout } = await node(`program.${extension.replace('ts', 'js')}`);
      expect([extension, stdout.trim().split('\n').at(-1)]).toEqual([extension, 'ok']);
    }
  });

  test('has types for bundlers', async () => {
    copyFileSync(program, join(project.folder, 'program.ts'));
    const options = { module: 'esnext', moduleResolution: 'bundler', noEmit: true, skipLibCheck: true };
    await compile(project, ['program.ts'], options);
  });

  for (const [command, file] of Object.entries(subject.manifest.bin ?? {})) {
    test(`${command} is a command that says its version and helps`, async () => {
      expect(existsSync(join(project.folder, 'node_modules', name, file))).toBe(true);
      const bin = (...args: string[]) =>
        run(join(project.folder, 'node_modules/.bin', command), args, { cwd: project.folder });
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
