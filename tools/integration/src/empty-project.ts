import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './shell';
import { publishablePackages, workspaceRoot, type PublishablePackage } from './workspace-packages';

/** A project outside of the workspace, with packages installed from their tarballs. */
export interface EmptyProject {
  readonly folder: string;
  /** Removes the project. */
  remove(): void;
}

/**
 * Makes an empty project and installs packages into it, as `npm install NAME` would were they published. Sibling
 * packages come in only where a package depends on them.
 *
 * @param packages what the user asks for
 * @param dependencies what else the user asks for, by version range
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
    // In the place of a registry that has the packages: a sibling is its tarball.
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

/**
 * Type-checks and compiles the files of a project.
 *
 * @param options compiler options beside `strict`; the declarations of libraries are checked too, as is TypeScript's default
 */
export async function compile(
  { folder }: EmptyProject,
  files: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      strict: true,
      skipLibCheck: false,
      ...options,
    },
    files,
  };
  const path = join(folder, `tsconfig.${String(options['module']).toLowerCase()}.json`);
  writeFileSync(path, JSON.stringify(config, null, 2));
  await run(process.execPath, [join(workspaceRoot, 'node_modules/typescript/bin/tsc'), '--project', path], {
    cwd: folder,
  });
}
