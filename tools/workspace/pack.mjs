// Packs the package in the current folder as it would be published, to out-pack/package.tgz.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'out-pack';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
});
const [tarball] = readdirSync(folder);
if (tarball === undefined) throw new Error('npm pack made no tarball.');
renameSync(join(folder, tarball), join(folder, 'package.tgz'));
