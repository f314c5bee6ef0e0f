import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import ts from 'typescript';

import { npm } from './shell';
import { publishablePackages, type PublishablePackage } from './workspace-packages';

/** A project outside of the workspace, with packages installed. */
export interface EmptyProject {
  readonly folder: string;
  /** Removes the project. */
  remove(): void;
}

/** The variable that is set while npm's registry has the packages: they are installed from there, not from tarballs. */
export const PUBLISHED = 'TAGGERJS_PUBLISHED';

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
  const published = process.env[PUBLISHED] !== undefined;
  const spec = ({ name, tarball, manifest }: PublishablePackage) => [
    name,
    published ? manifest.version : `file:${tarball}`,
  ];
  const manifest = {
    name: 'empty-project',
    private: true,
    dependencies: { ...Object.fromEntries(packages.map(spec)), ...dependencies },
    // If no registry has the packages, siblings come from their tarballs.
    overrides: Object.fromEntries(
      (published ? [] : publishablePackages()).filter(({ name }) => !wanted.has(name)).map(spec),
    ),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  await npm(['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], {
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
