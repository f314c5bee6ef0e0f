// `npm run container`: writes the folder that packages/cli/Dockerfile builds from: the packed packages of the command, and a
// package.json that installs them. The packages must be packed: `npx nx run-many -t pack`.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const out = join(root, 'packages/cli/out-container');
const folderOf = (name) => join(root, 'packages', name.replace('@taggerjs/', ''));

/** The packages of this workspace that the command needs, itself included. */
const needed = new Set(['@taggerjs/cli']);
for (const name of needed) {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(folderOf(name), 'package.json')));
  for (const other of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (other.startsWith('@taggerjs/')) needed.add(other);
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'packages'), { recursive: true });
const dependencies = {};
for (const name of needed) {
  const tarball = `packages/${name.replace('@taggerjs/', '')}.tgz`;
  copyFileSync(join(folderOf(name), 'out-pack/package.tgz'), join(out, tarball));
  dependencies[name] = `file:${tarball}`;
}
// Without overrides, npm would look for the siblings of a package in the registry.
const overrides = Object.fromEntries(Object.keys(dependencies).map((name) => [name, `$${name}`]));
writeFileSync(join(out, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }, null, 2));
copyFileSync(join(root, 'packages/cli/Dockerfile'), join(out, 'Dockerfile'));
console.log(`Build the image: docker build --tag tagger packages/cli/out-container`);
