// `npm run setup:browser` and the like: installs what the extra tests need from Debian's packages, or from the Python Package
// Index. Says so plainly where it cannot; does nothing where everything is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const browsers = JSON.parse(readFileSync(join(import.meta.dirname, '../browser/src/chromium-places.json'), 'utf8'));

/** What can be set up: what it is for, the packages, Debian's or Python's, and whether it is there already, however it came. */
const setups = {
  browser: {
    purpose: 'tests in a real browser',
    packages: ['chromium'],
    isThere: () => [process.env.CHROMIUM_PATH ?? '', ...browsers].some((place) => place !== '' && existsSync(place)),
    otherwise: 'Or install any Chromium and say where it is by the environment variable CHROMIUM_PATH.',
  },
  // Mesa's OpenGL ES, whose software rasterizer Dawn accepts.
  webgpu: { purpose: 'tests on WebGPU in Node', packages: ['libegl1', 'libegl-mesa0', 'libgles2', 'libgl1-mesa-dri'] },
  // Its reader needs no TensorFlow, but pkg_resources, which left setuptools with version 81.
  tensorboard: { purpose: 'the test of what TensorBoard reads', python: ['tensorboard==2.20.0', 'setuptools==80.9.0'] },
};

const name = process.argv[2];
if (!Object.hasOwn(setups, name ?? '')) {
  console.error(`Usage: node tools/workspace/setup.mjs ${Object.keys(setups).join('|')}`);
  process.exit(1);
}
const { purpose, packages, python, otherwise } = setups[name];
/** Of Python's packages: an environment of their own, and in it a note of what was installed to the end. */
const environment = join(import.meta.dirname, '../../node_modules/.cache', name);
const note = join(environment, 'installed.txt');
const { isThere = python ? isNoted : () => packages.every(isInstalled) } = setups[name];

if (isThere()) {
  console.log(`setup:${name}: what is needed for ${purpose} is there already.`);
} else if (python) {
  installPython();
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

function installPython() {
  console.log(`setup:${name}: installs ${python.join(', ')} from the Python Package Index, for ${purpose}.`);
  rmSync(environment, { recursive: true, force: true });
  const run = (command, ...args) => {
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) fail(`\`${command} ${args.join(' ')}\` failed${error ? `: ${error.message}` : '; see above'}`);
  };
  run('python3', '-m', 'venv', environment);
  run(join(environment, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...python);
  writeFileSync(note, python.join('\n'));
  console.log(`setup:${name}: done.`);
}

function isNoted() {
  return existsSync(note) && readFileSync(note, 'utf8') === python.join('\n');
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
