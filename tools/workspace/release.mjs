// The release, by `nx release` (nx.json). All packages get one version. See docs/contributing/releasing.md.
//
//     npm run release                      show the next version and its changelog; change nothing
//     npm run release -- --commit          write them, commit, and tag the commit
//     npm run release:publish              publish the tagged versions; continues a publish that stopped half-way
//         --registry URL                   ... to this registry
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { missingFields } from './release-fields.mjs';
import { withRelease } from './release-changelog.mjs';
import { comparePublished } from './release-published.mjs';

Object.assign(process.env, { NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true', NX_INTERACTIVE: 'false' });
const root = join(import.meta.dirname, '../..');
process.chdir(root);

const { values, positionals } = parseArgs({
  options: { commit: { type: 'boolean', default: false }, registry: { type: 'string' } },
  allowPositionals: true,
});
const [action = 'version'] = positionals;
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();

const missing = missingFields(readJson('package.json'));
if (missing.length > 0) {
  fail(`Set these fields in package.json, then run npm run release:fields:\n  ${missing.join('\n  ')}`);
}
try {
  execFileSync(process.execPath, [join(import.meta.dirname, 'release-fields.mjs'), '--check'], { stdio: 'inherit' });
} catch {
  process.exit(1);
}
if (action === 'publish' || values.commit) requireReleasable();
const { releaseChangelog, releasePublish, releaseVersion } = await import('nx/release');
if (action === 'version') await version();
else if (action === 'publish') await publish();
else fail(`Unknown action '${action}'. Usage: release.mjs [version [--commit] | publish [--registry URL]]`);

async function version() {
  const dryRun = !values.commit;
  const isFirst = git('tag', '--list', 'v*') === '';
  const entry = isFirst ? firstEntry() : await nextEntry(dryRun);
  const changelog = withRelease(readFileSync('CHANGELOG.md', 'utf8'), entry.contents);
  if (dryRun) {
    console.log(`\n${entry.contents}\n\nNothing was changed. To release ${entry.version}: npm run release -- --commit`);
    return;
  }
  writeFileSync('CHANGELOG.md', changelog);
  replaceIn('package.json', /("version": )"[^"]*"/, `$1"${entry.version}"`);
  const cited = `version: ${entry.version}\ndate-released: '${today()}'\n`;
  replaceIn('CITATION.cff', /^version: .*\n(date-released: .*\n)?/m, cited);
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  git('add', '--update');
  git('commit', '--quiet', '--message', `chore(release): ${entry.version}`);
  git('tag', '--annotate', `v${entry.version}`, '--message', `v${entry.version}`);
  console.log(`Tagged v${entry.version}. To publish it: git push --follow-tags`);
}

/** The first release has the version that the packages have, and the changelog written by hand. */
function firstEntry() {
  const { version } = readJson('packages/taggerjs/package.json');
  return { version, contents: `## ${version} (${today()})` };
}

/** Raises the version of all packages as the commits since the last tag require. */
async function nextEntry(dryRun) {
  const { workspaceVersion, projectsVersionData } = await releaseVersion({
    ...{ dryRun, gitCommit: false, gitTag: false, stageChanges: false },
  });
  if (!workspaceVersion) fail('No commit since the last release changes a version: nothing to release.');
  const { workspaceChangelog } = await releaseChangelog({
    ...{ version: workspaceVersion, versionData: projectsVersionData },
    // The entry goes below what was written by hand, not above it.
    ...{ dryRun: true, gitCommit: false, gitTag: false, stageChanges: false, createRelease: false },
  });
  return { version: workspaceVersion, contents: workspaceChangelog?.contents ?? `## ${workspaceVersion} (${today()})` };
}

/** Refuses to release or publish anything but a clean `main`. CI may publish a tag that it checked out. */
function requireReleasable() {
  const changes = git('status', '--porcelain');
  if (changes !== '') fail(`Commit or remove your changes first:\n${changes}`);
  const branch = git('branch', '--show-current');
  if (branch !== 'main' && (branch !== '' || action !== 'publish')) {
    fail(
      `This is ${branch === '' ? 'not a branch' : `branch '${branch}'`}. Releases are made on main: git switch main`,
    );
  }
  const tag = `v${readJson('packages/taggerjs/package.json').version}`;
  if (action === 'publish' && !git('tag', '--points-at', 'HEAD').split('\n').includes(tag)) {
    fail(`This commit is not ${tag}. Release it first: npm run release -- --commit. Or git switch --detach ${tag}`);
  }
}

async function publish() {
  const unbuilt = readdirSync('packages').filter((name) => !existsSync(join('packages', name, 'dist')));
  // npm would publish them without their code.
  if (unbuilt.length > 0) fail(`These packages are not built: ${unbuilt.join(', ')}. Run npm run build first.`);
  const folders = readdirSync('packages').map((name) => `packages/${name}`);
  const { same, different } = await comparePublished(folders, values.registry);
  if (different.length > 0) {
    fail(
      `These versions are published already, with other contents:\n  ${different.join('\n  ')}\nNothing was published. ` +
        'Publish from the commit and with the versions of Node and npm that published them, or release another version.',
    );
  }
  if (same.length > 0) console.log(`Published already, and left alone:\n  ${same.join('\n  ')}`);
  const results = await releasePublish({ registry: values.registry });
  if (Object.values(results).some(({ code }) => code !== 0)) process.exit(1);
}

function replaceIn(file, pattern, replacement) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(pattern, replacement));
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

function fail(message) {
  console.error(`release: ${message}`);
  process.exit(1);
}
