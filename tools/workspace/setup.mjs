// `npm run setup:browser` and the like: installs what the extra tests need from Debian's packages. Says so plainly where
// it cannot; does nothing where everything is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const browsers = JSON.parse(readFileSync(join(import.meta.dirname, '../browser/src/chromium-places.json'), 'utf8'));

/** What can be set up: what it is for, Debian's packages, and whether it is there already, however it came. */
const setups = {
  browser: {
    purpose: 'tests in a real browser',
    packages: ['chromium'],
    isThere: () => [process.env.CHROMIUM_PATH ?? '', ...browsers].some((place) => place !== '' && existsSync(place)),
    otherwise: 'Or install any Chromium and say where it is by the environment variable CHROMIUM_PATH.',
  },
  // Mesa's OpenGL ES, whose software rasterizer Dawn accepts.
  webgpu: { purpose: 'tests on WebGPU in Node', packages: ['libegl1', 'libegl-mesa0', 'libgles2', 'libgl1-mesa-dri'] },
};

const name = process.argv[2];
if (!Object.hasOwn(setups, name ?? '')) {
  console.error(`Usage: node tools/workspace/setup.mjs ${Object.keys(setups).join('|')}`);
  process.exit(1);
}
const { purpose, packages, isThere = () => packages.every(isInstalled), otherwise } = setups[name];

if (isThere()) {
  console.log(`setup:${name}: what ${purpose} need is there already.`);
} else {
  const obstacle = whyNotInstall();
  if (obstacle === undefined) install();
  else fail(`${obstacle}. Install by hand, as root on Debian: apt-get install ${packages.join(' ')}`);
}

function install() {
  console.log(`setup:${name}: installs ${packages.join(', ')} from Debian, for ${purpose}.`);
  const run = (...args) => {
    const { status } = spawnSync('apt-get', args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return status === 0;
  };
  // The list of packages may be old, or not be there.
  run('update', '-qq');
  if (!run('install', '-qq', '--no-install-recommends', ...packages)) fail('apt-get failed; see above');
  if (!isThere()) fail('apt-get succeeded, but what it installed is not where it is expected');
  console.log(`setup:${name}: done.`);
}

/** Why nothing can be installed here; undefined where it can. */
function whyNotInstall() {
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'There is no apt-get here';
  if (process.getuid() !== 0) return 'This is not root';
  return undefined;
}

function isInstalled(package_) {
  try {
    const status = execFileSync('dpkg-query', ['-W', '-f', '${Status}', package_], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return String(status) === 'install ok installed';
  } catch {
    return false;
  }
}

function fail(reason) {
  console.error(`setup:${name}: ${reason}${otherwise === undefined ? '' : `\n${otherwise}`}`);
  process.exit(1);
}
