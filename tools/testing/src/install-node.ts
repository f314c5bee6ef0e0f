import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../../node_modules/.cache/taggerjs/node', import.meta.url));

/**
 * Installs another version of Node, from the npm packages of Node's own binaries next to the current one, once.
 *
 * @param version its major version: `22`
 * @returns the path of its program
 * @throws Error if npm has none for this machine, or installs another version
 */
export function installNode(version: string): string {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(cache, version);
  const node = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save'];
    execFileSync('npm', ['install', '--prefix', folder, ...quiet, `${name}@${version}`], { stdio: 'pipe' });
  }
  const installed = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  if (!installed.startsWith(`v${version}.`)) throw new Error(`${node} is Node ${installed}, expected ${version}`);
  return node;
}
