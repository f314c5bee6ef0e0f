// Runs many short commands in one process, because starting a process takes longer than a command.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import type { CommandResult } from './command';

/** The built package, which `bin/tagger.js` runs. */
const PACKAGE = pathToFileURL(resolve(__dirname, '../../dist/index.js')).href;

/** Runs each command line with the built package's `main`, and prints the result as a line of JSON. */
const PROGRAM = `
  import { Writable } from 'node:stream';
  import { main } from '${PACKAGE}';

  const collect = (chunks) => new Writable({ write: (chunk, _, done) => (chunks.push(String(chunk)), done()) });
  for (const args of JSON.parse(process.argv[1])) {
    const [out, err] = [[], []];
    const code = await main(args, { stdout: collect(out), stderr: collect(err) });
    console.log(JSON.stringify({ code, stdout: out.join(''), stderr: err.join('') }));
  }
`;

/**
 * Runs `tagger` in a folder once per list of words, with an empty standard input.
 *
 * @param timeout kills the process after this many milliseconds without a result; this and all later commands get the code -1
 */
export async function runLines(
  folder: string,
  lists: readonly (readonly string[])[],
  { timeout = 60_000 }: { readonly timeout?: number } = {},
): Promise<CommandResult[]> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, '--', JSON.stringify(lists)], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const results: CommandResult[] = [];
  const kill = () => child.kill('SIGKILL');
  let timer = setTimeout(kill, timeout);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(timer);
    timer = setTimeout(kill, timeout);
    results.push(JSON.parse(line) as CommandResult);
  }
  clearTimeout(timer);
  return lists.map((_, i) => results[i] ?? { code: -1, stdout: '', stderr });
}
