import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { run } from './shell';
import { publishablePackages, readManifest, workspaceRoot } from './workspace-packages';

/** A clone of the workspace in which releases are made, so that the workspace itself does not change. */
export interface ReleaseClone {
  /**
   * Makes a release: versions, changelog, commit and tag. The first has the version of the workspace, a later one the version
   * that the commits since require.
   *
   * @returns the version
   */
  release(): Promise<string>;
  /** Publishes all packages. */
  publish(registry: string): Promise<void>;
  /** Commits a change of a package. */
  change(folder: string, subject: string): Promise<void>;
}

/** Clones the workspace with its uncommitted changes and its build, but without the tags of its releases. */
export async function cloneForRelease(clone: string): Promise<ReleaseClone> {
  const git = async (cwd: string, ...args: string[]) => (await run('git', args, { cwd })).stdout;
  const script = (name: string, ...args: string[]) =>
    run(process.execPath, [join(clone, 'tools/workspace', name), ...args], { cwd: clone, seconds: 600 });

  await git(workspaceRoot, 'clone', '--quiet', workspaceRoot, clone);
  await git(clone, 'checkout', '--quiet', '-B', 'main');
  const tags = (await git(clone, 'tag')).split('\n').filter(Boolean);
  if (tags.length > 0) await git(clone, 'tag', '--delete', ...tags);
  await git(clone, 'config', 'user.name', 'Rehearsal');
  await git(clone, 'config', 'user.email', 'rehearsal@taggerjs.invalid');

  const uncommitted = await git(
    workspaceRoot,
    ...['ls-files', '-z', '--modified', '--others', '--exclude-standard', '--', ':/'],
  );
  for (const path of uncommitted.split('\0').filter(Boolean)) {
    rmSync(join(clone, path), { force: true });
    if (!existsSync(join(workspaceRoot, path))) continue;
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    copyFileSync(join(workspaceRoot, path), join(clone, path));
  }
  for (const { folder } of publishablePackages()) {
    for (const built of ['dist', 'src/generated']) {
      const path = join('packages', folder, built);
      if (existsSync(join(workspaceRoot, path)))
        cpSync(join(workspaceRoot, path), join(clone, path), { recursive: true });
    }
  }
  symlinkSync(join(workspaceRoot, 'node_modules'), join(clone, 'node_modules'), 'junction');
  writeFileSync(join(clone, '.git/info/exclude'), '/node_modules\n');

  // Addresses for the rehearsal only: nobody can own a name that ends in .invalid.
  const address = 'https://taggerjs.invalid';
  const home = {
    homepage: address,
    repository: { type: 'git', url: `git+${address}/taggerjs.git` },
    bugs: { url: `${address}/issues` },
  };
  const root = join(clone, 'package.json');
  writeFileSync(root, `${JSON.stringify({ ...readManifest(clone), ...home }, null, 2)}\n`);
  await script('release-fields.mjs');
  await git(clone, 'add', '--all');
  await git(clone, 'commit', '--quiet', '--message', 'build: rehearse a release');

  return {
    async release() {
      await script('release.mjs', '--commit');
      return readManifest(join(clone, 'packages/taggerjs')).version;
    },
    async publish(registry) {
      await script('release.mjs', 'publish', '--registry', registry);
    },
    async change(folder, subject) {
      const readme = join(clone, 'packages', folder, 'README.md');
      writeFileSync(readme, `${readFileSync(readme, 'utf8')}\nChanged.\n`);
      await git(clone, 'commit', '--quiet', '--all', '--message', subject);
    },
  };
}
