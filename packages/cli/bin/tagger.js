#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/index.js', import.meta.url);
if (existsSync(program)) {
  const { main } = await import(program.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  // In a clone of the project.
  console.error('tagger: it is not built yet. Run `npm run build` in the folder of the project.');
  process.exitCode = 1;
}
