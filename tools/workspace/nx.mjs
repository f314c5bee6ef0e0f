// Runs Nx for the scripts of this workspace, without a daemon, prompts or network access.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

const folder = join(root, 'node_modules/nx');
const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const env = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_INTERACTIVE: 'false',
  FORCE_COLOR: '0',
};

/**
 * Runs Nx.
 *
 * @param {string[]} args
 * @param {{ quiet?: boolean }} options `quiet`: show the output only if Nx fails
 * @returns {Promise<number>} the exit status
 */
export function nx(args, { quiet = false } = {}) {
  return new Promise((done) => {
    const stdio = ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'];
    const child = spawn(process.execPath, [join(folder, bin.nx), ...args, '--output-style', 'static'], {
      cwd: root,
      env,
      stdio,
    });
    const printed = [];
    child.stdout?.on('data', (chunk) => printed.push(chunk));
    child.stderr?.on('data', (chunk) => printed.push(chunk));
    child.on('close', (status) => {
      if (status !== 0) process.stderr.write(Buffer.concat(printed));
      done(status ?? 1);
    });
  });
}
