import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root of the workspace. */
export const workspaceRoot = resolve(__dirname, '../../..');

type Dependencies = Readonly<Record<string, string>>;

/** The fields of a package.json that matter here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly bin?: Dependencies;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
  readonly dependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
}

/** A package that is published. */
export interface PublishablePackage {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** What `npm pack` made of it. */
  readonly tarball: string;
  /** Import paths of its entry points, such as `@taggerjs/nn/testing`. */
  readonly entries: readonly string[];
  /** Whether it can only be imported, not required. */
  readonly esmOnly: boolean;
}

/** Reads a package.json. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Every package that is published, packed. */
export function publishablePackages(): readonly PublishablePackage[] {
  const packages = join(workspaceRoot, 'packages');
  return readdirSync(packages)
    .filter((folder) => existsSync(join(packages, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(join(packages, folder)) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => {
      const paths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
      return {
        name: manifest.name,
        folder,
        manifest,
        tarball: join(packages, folder, 'out-pack', 'package.tgz'),
        entries: paths.map((path) => manifest.name + path.slice(1)),
        esmOnly: paths.every((path) => !Object.hasOwn(manifest.exports[path] as object, 'require')),
      };
    });
}
