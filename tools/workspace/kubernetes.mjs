// `node tools/workspace/kubernetes.mjs build|start|stop`: the control plane of Kubernetes on this machine, for tests: etcd, the
// API server and the controller manager, without nodes. Its files, ports and key are its own.
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { endDaemon, run, waitUntil } from './daemons.mjs';

const VERSION = '1.34.4';
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager'];
const [PORT, CLIENTS, PEERS] = [27_830, 27_831, 27_832];

const cache = join(import.meta.dirname, '../../node_modules/.cache/kubernetes');
const programs = join(cache, VERSION);
const file = (name) => join(cache, 'state', name);

/** The configuration for `kubectl`: set `KUBECONFIG` to it. */
export const kubeconfig = file('kubeconfig');

/** Compiles the programs from Go's modules. Does nothing if they are there. @throws Error */
export function buildKubernetes() {
  if (PROGRAMS.every((name) => existsSync(join(programs, name)))) return;
  const source = join(cache, 'source');
  mkdirSync(source, { recursive: true });
  const go = (...args) => run('go', args, { cwd: source, env: { ...process.env, GOFLAGS: '-mod=mod' } });
  const module = JSON.parse(go('mod', 'download', '-json', `k8s.io/kubernetes@v${VERSION}`));
  const required = readFileSync(join(module.Dir, 'go.mod'), 'utf8');
  // The module replaces its parts by folders of its repository. They are published with the same version.
  const parts = [...required.matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging/gm)].map(([, name]) => name);
  const rest = required
    .replace(/^module .*/m, 'module taggerjs.example/kubernetes')
    .replace(/^replace \([^]*?^\)/m, '')
    .replace(/^replace .*/gm, '');
  const replaced = parts.map((name) => `replace ${name} => ${name} v0${VERSION.slice(1)}\n`).join('');
  writeFileSync(join(source, 'go.mod'), `${rest}\nrequire k8s.io/kubernetes v${VERSION}\n${replaced}`);
  const imports = PROGRAMS.map((name) => `import _ "k8s.io/kubernetes/cmd/${name}"\n`).join('');
  writeFileSync(join(source, 'programs.go'), `//go:build programs\n\npackage programs\n\n${imports}`);
  go('mod', 'tidy');
  mkdirSync(programs, { recursive: true });
  const [major, minor] = VERSION.split('.');
  const version = 'k8s.io/component-base/version';
  const flags = `-s -w -X ${version}.gitVersion=v${VERSION} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`;
  for (const name of PROGRAMS) {
    go('build', '-trimpath', '-ldflags', flags, '-o', join(programs, name), `k8s.io/kubernetes/cmd/${name}`);
  }
}

/** Starts the control plane, and waits until it is ready. Does nothing if it runs already. @throws Error */
export function startKubernetes() {
  if (isUp()) return;
  const missing = [...PROGRAMS.map((name) => join(programs, name)), 'etcd', 'kubectl'].find(
    (program) => spawnSync(program, ['--help']).error,
  );
  if (missing !== undefined) throw new Error(`\`${missing}\` is missing. Run \`npm run setup:kubernetes\`.`);
  stopKubernetes();
  rmSync(join(cache, 'state'), { recursive: true, force: true });
  mkdirSync(file('etcd'), { recursive: true });
  const token = randomBytes(16).toString('hex');
  const secret = (name, text) => writeFileSync(file(name), text, { mode: 0o600 });
  secret('tokens.csv', `${token},test,test\n`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  secret('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
  secret(
    'kubeconfig',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      // The certificate is the server's own, on loopback.
      clusters: [{ name: 'test', cluster: { server: `https://127.0.0.1:${PORT}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'test', user: { token } }],
    }),
  );
  const clients = `http://127.0.0.1:${CLIENTS}`;
  const peers = `http://127.0.0.1:${PEERS}`;
  daemon('etcd', 'etcd', [
    `--data-dir=${file('etcd')}`,
    ...[`--listen-client-urls=${clients}`, `--advertise-client-urls=${clients}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`, `--initial-cluster=default=${peers}`],
  ]);
  daemon('kube-apiserver', join(programs, 'kube-apiserver'), [
    ...['--bind-address=127.0.0.1', '--endpoint-reconciler-type=none', `--secure-port=${PORT}`],
    ...[`--etcd-servers=${clients}`, `--cert-dir=${file('certificates')}`, `--token-auth-file=${file('tokens.csv')}`],
    ...['--authorization-mode=AlwaysAllow', '--service-cluster-ip-range=10.96.0.0/24'],
    // No controller creates service accounts here.
    ...['--disable-admission-plugins=ServiceAccount', '--service-account-issuer=https://127.0.0.1'],
    ...[`--service-account-key-file=${file('key.pem')}`, `--service-account-signing-key-file=${file('key.pem')}`],
  ]);
  waitUntil(isUp, 60, `The API server is not ready after a minute. See the logs in ${join(cache, 'state')}.`);
  daemon('kube-controller-manager', join(programs, 'kube-controller-manager'), [
    ...[`--kubeconfig=${kubeconfig}`, '--controllers=job-controller', '--leader-elect=false', '--secure-port=0'],
  ]);
}

/** Ends what `startKubernetes` started. */
export function stopKubernetes() {
  for (const name of ['kube-controller-manager', 'kube-apiserver', 'etcd']) endDaemon(file(`${name}.pid`), name);
}

function daemon(name, program, args) {
  const log = openSync(file(`${name}.log`), 'a');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`\`${program}\` does not start.`);
  child.unref();
  writeFileSync(file(`${name}.pid`), String(child.pid));
}

function isUp() {
  if (!existsSync(kubeconfig)) return false;
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return spawnSync('kubectl', ['get', '--raw', '/readyz'], { env, timeout: 10_000 }).status === 0;
}

const [, script, action] = process.argv;
if (script === import.meta.filename) {
  const actions = { build: buildKubernetes, start: startKubernetes, stop: stopKubernetes };
  if (Object.hasOwn(actions, action ?? '')) {
    actions[action]();
    if (action === 'start') console.log(kubeconfig);
  } else {
    console.error('Usage: node tools/workspace/kubernetes.mjs build|start|stop');
    process.exitCode = 1;
  }
}
