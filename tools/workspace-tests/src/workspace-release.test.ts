import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(__dirname, '../../..');
const tools = join(root, 'tools/workspace');

/** Runs release-fields.mjs on a workspace. */
const fields = (workspace: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(tools, 'release-fields.mjs'), ...args], { cwd: workspace, encoding: 'utf8' });

/** What a function of the tools returns. */
const ask = (module: string, call: string): unknown => {
  const script = `
    import * as tool from '${pathToFileURL(join(tools, module)).href}';
    console.log(JSON.stringify(tool.${call}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
};

const home = {
  homepage: 'https://tagger.example',
  repository: { type: 'git', url: 'git+https://code.example/a/b.git' },
  bugs: { url: 'https://code.example/a/b/issues' },
};

test('all packages have the addresses of the root and are published for everybody', () => {
  expect(fields(root, '--check')).toMatchObject({ status: 0, stdout: '' });
});

describe('release-fields', () => {
  let workspace: string;
  const read = () => JSON.parse(readFileSync(join(workspace, 'packages/a/package.json'), 'utf8'));
  const write = (file: string, json: unknown) =>
    writeFileSync(join(workspace, file), `${JSON.stringify(json, null, 2)}\n`);
  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'taggerjs-release-'));
    mkdirSync(join(workspace, 'packages/a'), { recursive: true });
    write('package.json', home);
    write('packages/a/package.json', { name: 'a', license: 'MIT', type: 'module', files: ['dist'], homepage: 'old' });
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));

  test('writes the fields of the root, with the folder of each package', () => {
    expect(fields(workspace).status).toBe(0);
    expect(read()).toEqual({
      ...{ name: 'a', license: 'MIT', type: 'module', files: ['dist'], ...home },
      repository: { ...home.repository, directory: 'packages/a' },
      publishConfig: { access: 'public' },
    });
    expect(fields(workspace, '--check').status).toBe(0);
  });

  test('removes fields that the root does not have', () => {
    write('package.json', {});
    expect(fields(workspace).status).toBe(0);
    expect(Object.keys(read())).toEqual(['name', 'license', 'type', 'files', 'publishConfig']);
  });

  test('--check fails and changes nothing', () => {
    const before = read();
    expect(fields(workspace, '--check').status).toBe(1);
    expect(read()).toEqual(before);
  });
});

test.each([
  [home, []],
  [{}, ['homepage', 'repository.url', 'bugs.url']],
  [{ ...home, homepage: '' }, ['homepage']],
  [{ ...home, repository: { type: 'git' }, bugs: { url: 'mailto:x' } }, ['repository.url', 'bugs.url']],
])('the release names the missing fields of %j', (manifest, names) => {
  const missing = ask('release-fields.mjs', `missingFields(${JSON.stringify(manifest)})`) as string[];
  expect(missing.map((line) => line.split(':')[0])).toEqual(names);
});

test("a release's entry follows what was written by hand, above earlier releases", () => {
  const changelog = '# Changelog\n\nAbout.\n\n## Unreleased\n\n### Added\n\n- by hand\n\n## 0.1.0\n\n- old\n';
  const entry = '## 0.2.0 (date)\n\n### Fixes\n\n- **nn:** a fix\n';
  expect(ask('release-changelog.mjs', `withRelease(${JSON.stringify(changelog)}, ${JSON.stringify(entry)})`)).toBe(
    '# Changelog\n\nAbout.\n\n## Unreleased\n\n## 0.2.0 (date)\n\n### Added\n\n- by hand\n\n### Fixes\n\n- **nn:** a fix\n\n' +
      '## 0.1.0\n\n- old\n',
  );
});

test('the citation file has the version and the license of the packages', () => {
  const citation = readFileSync(join(root, 'CITATION.cff'), 'utf8');
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(/^version: (.*)$/m.exec(citation)?.[1]).toBe(version);
  expect(/^license: (.*)$/m.exec(citation)?.[1]).toBe(license);
});

describe('a release', () => {
  let workspace: string;
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@taggerjs.invalid'];
    return execFileSync('git', [...who, ...args], { cwd: workspace, encoding: 'utf8' });
  };
  const release = (...args: string[]) =>
    spawnSync(process.execPath, [join(workspace, 'tools/workspace/release.mjs'), ...args], { encoding: 'utf8' });
  beforeAll(() => {
    workspace = mkdtempSync(join(tmpdir(), 'taggerjs-release-'));
    for (const file of ['release.mjs', 'release-changelog.mjs', 'release-fields.mjs', 'release-published.mjs']) {
      cpSync(join(tools, file), join(workspace, 'tools/workspace', file));
    }
    mkdirSync(join(workspace, 'packages/taggerjs'), { recursive: true });
    writeFileSync(join(workspace, 'package.json'), JSON.stringify(home));
    writeFileSync(join(workspace, 'packages/taggerjs/package.json'), '{"version":"0.1.0","license":"MIT","files":[]}');
    execFileSync(process.execPath, [join(tools, 'release-fields.mjs')], { cwd: workspace });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message=begin');
  });
  afterAll(() => rmSync(workspace, { recursive: true, force: true }));

  test('is refused outside of main', () => {
    git('switch', '--quiet', '--create', 'topic');
    for (const args of [['--commit'], ['publish']]) {
      expect(release(...args)).toMatchObject({ status: 1, stderr: expect.stringContaining("'topic'") });
    }
    git('switch', '--quiet', 'main');
  });

  test('is refused with changes that are not committed', () => {
    writeFileSync(join(workspace, 'changed.txt'), '');
    for (const args of [['--commit'], ['publish']]) {
      expect(release(...args)).toMatchObject({ status: 1, stderr: expect.stringContaining('changed.txt') });
    }
    rmSync(join(workspace, 'changed.txt'));
  });

  test('is only published from its tag', () => {
    expect(release('publish')).toMatchObject({ status: 1, stderr: expect.stringContaining('v0.1.0') });
    git('tag', 'v0.1.0');
    // It gets as far as Nx, which this workspace does not have.
    expect(release('publish')).toMatchObject({ status: 1, stderr: expect.stringContaining("'nx'") });
  });
});

test('the actions of the workflows are pinned to commits, with their versions', () => {
  const folder = join(root, '.github/workflows');
  const uses = readdirSync(folder).flatMap(
    (file) => readFileSync(join(folder, file), 'utf8').match(/^.*\buses:.*$/gm) ?? [],
  );
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});
