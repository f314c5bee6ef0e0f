import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import ts from 'typescript';

import { run } from './shell';
import { publishablePackages, type PublishablePackage } from './workspace-packages';

/** A project outside of the workspace, with packages installed from tarballs. */
export interface EmptyProject {
  readonly folder: string;
  /** Removes the project. */
  remove(): void;
}

/**
 * Creates an empty project and installs packages, as `npm install NAME` does once they are published. Sibling packages
 * are installed only if a package depends on them.
 *
 * @param packages what the user asks for
 * @param dependencies other packages that the user asks for, by version range
 */
export async function installIntoEmptyProject(
  packages: readonly PublishablePackage[],
  dependencies: Readonly<Record<string, string>> = {},
): Promise<EmptyProject> {
  const folder = mkdtempSync(join(tmpdir(), 'taggerjs-'));
  const wanted = new Set(packages.map(({ name }) => name));
  const spec = ({ name, tarball }: PublishablePackage) => [name, `file:${tarball}`];
  const manifest = {
    name: 'empty-project',
    private: true,
    dependencies: { ...Object.fromEntries(packages.map(spec)), ...dependencies },
    // No registry has the packages yet: siblings come from their tarballs.
    overrides: Object.fromEntries(
      publishablePackages()
        .filter(({ name }) => !wanted.has(name))
        .map(spec),
    ),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await run(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], {
    cwd: folder,
    seconds: 240,
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** TypeScript's own libraries, parsed once for all projects. */
const libraries = new Map<string, ts.SourceFile | undefined>();

/**
 * Type-checks and compiles the files of a project, and the declarations of the libraries that they import.
 *
 * @param options compiler options in addition to `strict`, as in tsconfig.json
 * @throws Error with the diagnostics
 */
export function compile(
  { folder }: EmptyProject,
  files: readonly string[],
  options: Readonly<Record<string, unknown>>,
): void {
  const defaults = {
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    strict: true,
    skipDefaultLibCheck: true,
  };
  const parsed = ts.convertCompilerOptionsFromJson({ ...defaults, ...options }, folder);
  // Without a tsconfig.json, TypeScript would look for @types from the current folder.
  const compilerOptions = { ...parsed.options, typeRoots: [join(folder, 'node_modules/@types')] };
  const host = ts.createCompilerHost(compilerOptions);
  const libraryFolder = dirname(host.getDefaultLibFileName(compilerOptions));
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    compilerOptions,
    {
      ...host,
      getCurrentDirectory: () => folder,
      getSourceFile: (name, languageVersion, ...rest) => {
        const read = () => host.getSourceFile(name, languageVersion, ...rest);
        if (dirname(name) !== libraryFolder) return read();
        // The module kind of the project decides how a file is read, so that kinds must not share files.
        const key = `${name} ${compilerOptions.module}`;
        if (!libraries.has(key)) libraries.set(key, read());
        return libraries.get(key);
      },
    },
  );
  const { diagnostics } = program.emit();
  const problems = [...parsed.errors, ...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length === 0) return;
  throw new Error(ts.formatDiagnostics(problems, { ...host, getCurrentDirectory: () => folder }));
}
