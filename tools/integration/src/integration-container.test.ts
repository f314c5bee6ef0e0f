// The image of the command, without Docker: runs what packages/cli/Dockerfile runs, in the folder that it is built from.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { run } from './shell';
import { readManifest, workspaceRoot } from './workspace-packages';

const built = join(workspaceRoot, 'packages/cli/out-container');
let folder: string;
let instructions: readonly { readonly name: string; readonly words: string }[];

beforeAll(async () => {
  await run(process.execPath, [join(workspaceRoot, 'tools/workspace/container.mjs')], { cwd: workspaceRoot });
  folder = mkdtempSync(join(tmpdir(), 'taggerjs-container-'));
  instructions = readFileSync(join(built, 'Dockerfile'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, words] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      return name === undefined || words === undefined ? [] : [{ name, words }];
    });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const named = (name: string) => instructions.filter((one) => one.name === name).map(({ words }) => words);

test('the folder has what the Dockerfile copies', () => {
  expect(named('COPY').length).toBeGreaterThan(0);
  for (const words of named('COPY')) {
    const [from = '', to = ''] = words.split(' ');
    expect([from, existsSync(join(built, from))]).toEqual([from, true]);
    cpSync(join(built, from), join(folder, to.endsWith('/') ? join(to, basename(from)) : to), { recursive: true });
  }
});

test('its commands install the command from the packed packages, and the entry point runs', async () => {
  for (const words of named('RUN')) await run('sh', ['-c', words], { cwd: folder, seconds: 240 });
  const [entry = ''] = JSON.parse(named('ENTRYPOINT')[0] ?? '[]') as string[];
  const { stdout } = await run(join(folder, 'node_modules/.bin', entry), ['--version'], { cwd: folder });
  expect(stdout.trim()).toBe(readManifest(join(workspaceRoot, 'packages/cli')).version);
});
