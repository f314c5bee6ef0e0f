// `npm start` runs the command line of this workspace: its JavaScript is built first, in seconds, or not at all where
// nothing changed.
import { nx } from './nx.mjs';

const start = performance.now();
process.stdout.write('Building the command line (the first time some seconds) ... ');
const status = await nx(['run', '@taggerjs/cli:bundle'], { quiet: true });
if (status === 0) console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
process.exitCode = status;
