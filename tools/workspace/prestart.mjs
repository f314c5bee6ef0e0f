// `npm start` runs the command line of this workspace: it first builds the JavaScript, unless nothing changed.
import { nx } from './nx.mjs';

const start = performance.now();
process.stdout.write('Building the command line (up to a minute the first time) ... ');
const status = await nx(['run', '@taggerjs/cli:bundle'], { quiet: true });
if (status === 0) console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
process.exitCode = status;
