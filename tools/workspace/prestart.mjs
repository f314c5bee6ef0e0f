// `npm start` runs the command line of this workspace: its JavaScript is built first, in seconds, or not at all where
// nothing changed.
import { nx } from './nx.mjs';

const start = performance.now();
process.exitCode = await nx(['run', '@taggerjs/cli:bundle'], { quiet: true });
if (process.exitCode === 0) console.log(`Built in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
