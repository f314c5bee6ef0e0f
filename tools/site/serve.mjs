// `npm run docs`: builds the site if something changed, and serves it with the headers that threads need.
import { nx, root } from '../workspace/nx.mjs';

const status = await nx(['run', '@taggerjs-tools/site:site']);
if (status !== 0) process.exit(status);
const { spawn } = await import('node:child_process');
const server = spawn(
  process.execPath,
  ['--conditions=@taggerjs/source', '--import', 'tsx', 'tools/site/src/serve-site.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
server.on('exit', (code) => process.exit(code ?? 1));
