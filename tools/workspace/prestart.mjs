// `npm start` first shows a demo. Then it builds the JavaScript of the command line, unless nothing changed, to train.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { nx, root } from './nx.mjs';

console.log('A trained Tagger groups new images:\n');
const program = join(import.meta.dirname, 'first-demo.mjs');
const fromSources = ['--conditions=@taggerjs/source', '--import', 'tsx', program];
const { status: shown } = spawnSync(process.execPath, fromSources, { cwd: root, stdio: 'inherit' });
if (shown !== 0) process.exit(shown ?? 1);

const start = performance.now();
process.stdout.write('\nNow train one. Building the command line (up to a minute the first time) ... ');
const status = await nx(['run', '@taggerjs/cli:bundle'], { quiet: true });
if (status === 0) console.log(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
process.exitCode = status;
