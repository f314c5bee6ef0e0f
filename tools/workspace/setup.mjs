// `npm run setup:NAME`: installs what the extra tests need from Debian, the Python Package Index or Go's modules. Does nothing if
// everything is installed. If it cannot install something, it explains what is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildKubernetes, kubeconfig, startKubernetes } from './kubernetes.mjs';
import { slurmConf, startSlurm } from './slurm.mjs';

const browsers = JSON.parse(readFileSync(join(import.meta.dirname, '../browser/src/chromium-places.json'), 'utf8'));

/** Setups by name: the purpose, the Debian, Python or Go packages, and whether they are already installed. */
const setups = {
  browser: {
    purpose: 'tests in a real browser',
    packages: ['chromium'],
    isThere: () => [process.env.CHROMIUM_PATH ?? '', ...browsers].some((place) => place !== '' && existsSync(place)),
    otherwise: 'Or install any Chromium and set the environment variable CHROMIUM_PATH to its path.',
  },
  // Mesa's OpenGL ES, whose software rasterizer Dawn accepts.
  webgpu: { purpose: 'tests on WebGPU in Node', packages: ['libegl1', 'libegl-mesa0', 'libgles2', 'libgl1-mesa-dri'] },
  // Without systemd, nothing starts the daemons, so that this does.
  slurm: {
    purpose: 'tests on a real Slurm',
    packages: ['slurm-wlm', 'munge'],
    start() {
      startSlurm();
      console.log(`setup:slurm: slurmctld and four slurmd are running. To use them: export SLURM_CONF=${slurmConf}`);
    },
  },
  kubernetes: {
    purpose: 'tests on the control plane of Kubernetes',
    packages: ['etcd-server', 'kubernetes-client'],
    isThere: () => ['etcd', 'kubectl'].every((program) => spawnSync(program, ['--help']).error === undefined),
    otherwise: 'It needs Go 1.24 or later.',
    start() {
      console.log(
        'setup:kubernetes: compiles the API server and the controller manager from Go modules, if they are missing.',
      );
      buildKubernetes();
      startKubernetes();
      console.log(`setup:kubernetes: they are running. To use them: export KUBECONFIG=${kubeconfig}`);
    },
  },
  // The reader works without TensorFlow, but needs pkg_resources, which setuptools 81 removed.
  tensorboard: {
    purpose: 'the test with TensorBoard',
    python: [['tensorboard==2.20.0', 'setuptools==80.9.0']],
    modules: ['tensorboard', 'pkg_resources'],
  },
  // PyTorch comes last, without 3 GB of CUDA libraries; the first list has the rest of what it needs.
  peers: {
    purpose: 'benchmarks against PyTorch and JAX',
    python: [
      [
        'jax==0.10.2',
        'optax==0.2.8',
        'setuptools>=77.0.3',
        'filelock',
        'typing-extensions',
        'sympy',
        'networkx',
        'jinja2',
        'fsspec',
      ],
      ['--no-deps', 'torch==2.15.0'],
    ],
    script: 'cuda-stand-ins.py',
    modules: ['torch', 'jax', 'optax'],
    otherwise: 'Run the command again: it continues where it stopped. It needs Python 3.11 or later.',
  },
  actionlint: {
    purpose: 'the check of the workflows in .github',
    go: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
    otherwise: 'It needs Go 1.24 or later.',
  },
};

const name = process.argv[2];
if (!Object.hasOwn(setups, name ?? '')) {
  console.error(`Usage: node tools/workspace/setup.mjs ${Object.keys(setups).join('|')}`);
  process.exit(1);
}
const { purpose, packages, python, go, script, modules, otherwise, start } = setups[name];
/** Python packages get their own virtual environment, Go programs their own folder. A file lists what was installed in it. */
const environment = join(import.meta.dirname, '../../node_modules/.cache', name);
const interpreter = join(environment, 'bin/python');
const note = join(environment, 'installed.txt');
const { isThere = python || go ? isNoted : () => packages.every(isInstalled) } = setups[name];

if (isThere()) {
  console.log(`setup:${name}: already installed, for ${purpose}.`);
} else if (python) {
  installPython();
} else if (go) {
  installGo();
} else {
  const obstacle = whyNotInstall();
  if (obstacle === undefined) install();
  else fail(`${obstacle}. Install by hand, as root on Debian: apt-get install ${packages.join(' ')}`);
}
try {
  start?.();
} catch (error) {
  fail(error.message);
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
  // The package list may be outdated or missing.
  run('update', '-qq');
  if (!run('install', '-qq', '--no-install-recommends', ...packages)) fail('apt-get failed; see above');
  if (!isThere()) fail('apt-get succeeded, but the packages are still missing');
  console.log(`setup:${name}: done.`);
}

function installPython() {
  console.log(`setup:${name}: installs ${python.flat().join(', ')} from the Python Package Index, for ${purpose}.`);
  // These keep what an earlier attempt installed.
  run('python3', '-m', 'venv', environment);
  for (const requirements of python) {
    run(interpreter, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements);
  }
  if (script !== undefined) run(interpreter, join(import.meta.dirname, script));
  run(interpreter, '-c', imports());
  writeFileSync(note, JSON.stringify(python));
  console.log(`setup:${name}: done.`);
}

function installGo() {
  console.log(`setup:${name}: installs ${go} from Go's modules, for ${purpose}.`);
  process.env.GOBIN = environment;
  run('go', 'install', go);
  writeFileSync(note, JSON.stringify(go));
  console.log(`setup:${name}: done.`);
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) fail(`\`${command} ${args.join(' ')}\` failed${error ? `: ${error.message}` : '; see above'}`);
}

/** Whether these packages were installed, and can still be imported: their Python may be gone. */
function isNoted() {
  if (!existsSync(note) || readFileSync(note, 'utf8') !== JSON.stringify(python ?? go)) return false;
  return go !== undefined || spawnSync(interpreter, ['-c', imports()]).status === 0;
}

function imports() {
  return `import ${modules.join(', ')}`;
}

/** The reason why installation is impossible here; undefined if it is possible. */
function whyNotInstall() {
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'apt-get is missing';
  if (process.getuid?.() !== 0) return 'Installing packages needs root';
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
