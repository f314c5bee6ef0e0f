// The registry of the rehearsal, with two small packages.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { startRegistry } from './registry';
import { npm, run } from './shell';
import { workspaceRoot } from './workspace-packages';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taggerjs-registry-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('it ends with the process that started it, even if that is killed', async () => {
  const program = join(folder, 'start.mts');
  writeFileSync(
    program,
    `import { createRequire } from 'node:module';
     // Jest compiles to CommonJS, which has this.
     globalThis.require = createRequire('${workspaceRoot}/package.json');
     const { startRegistry } = await import('${pathToFileURL(join(__dirname, 'registry.ts')).href}');
     process.send((await startRegistry('${folder}/registry')).url);`,
  );
  const child = fork(program, { cwd: workspaceRoot, execArgv: ['--import', 'tsx'] });
  const [url] = (await once(child, 'message')) as [string];
  expect((await fetch(url)).status).toBeLessThan(500);
  child.kill('SIGKILL');
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  // The test fails by its time limit if this never ends.
  while (await answers()) await new Promise((done) => setTimeout(done, 50));
}, 60_000);

test('a publish is continued, unless what is published differs', async () => {
  const registry = await startRegistry(join(folder, 'registry'));
  try {
    const folders = ['a', 'b'].map((name) => {
      const path = join(folder, 'packages', name);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'package.json'), JSON.stringify({ name: `@taggerjs/${name}`, version: '1.0.0' }));
      return `packages/${name}`;
    });
    const compare = async () => {
      const tool = pathToFileURL(join(workspaceRoot, 'tools/workspace/release-published.mjs')).href;
      const call = `comparePublished(${JSON.stringify(folders)}, '${registry.url}')`;
      const script = `import { comparePublished } from '${tool}'; console.log(JSON.stringify(await ${call}));`;
      const options = { cwd: folder, env: registry.env };
      return JSON.parse(
        (await run(process.execPath, ['--input-type=module', '-e', script], options)).stdout,
      ) as unknown;
    };
    expect(await compare()).toEqual({ same: [], different: [] });
    await npm(['publish', '--access', 'public'], { cwd: join(folder, 'packages/a'), env: registry.env });
    expect(await compare()).toEqual({ same: ['@taggerjs/a@1.0.0'], different: [] });
    writeFileSync(join(folder, 'packages/a/README.md'), 'Changed.');
    expect(await compare()).toEqual({ same: [], different: ['@taggerjs/a@1.0.0'] });
  } finally {
    await registry.stop();
  }
}, 120_000);
