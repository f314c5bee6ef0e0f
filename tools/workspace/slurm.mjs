// `node tools/workspace/slurm.mjs start|stop|status`: a Slurm of four nodes on this machine, for tests. Needs root, and Debian's
// slurm-wlm and munge. Its files, ports and key are its own, so it does not disturb another Slurm. `status` fails if it is not up.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { endDaemon, run, waitUntil } from './daemons.mjs';

const folder = join(import.meta.dirname, '../../node_modules/.cache/slurm');
const file = (name) => join(folder, name);
const NODES = ['node1', 'node2', 'node3', 'node4'];
// Two clones on a machine have two Slurms.
const PORT = 20_000 + (createHash('sha256').update(folder).digest().readUInt16BE() % 10_000);

/** The configuration file: set `SLURM_CONF` to it. */
export const slurmConf = file('slurm.conf');

const daemons = ['munged', 'slurmctld', ...NODES.map((node) => `slurmd-${node}`)];

/** Starts the daemons, and waits until all nodes are idle. Does nothing if they run already. @throws Error */
export function startSlurm() {
  if (isUp()) return;
  if (process.getuid?.() !== 0) throw new Error('The daemons of Slurm need root.');
  for (const command of ['munged', 'slurmctld', 'slurmd']) {
    if (spawnSync(command, ['--version']).error)
      throw new Error(`\`${command}\` is missing. Run \`npm run setup:slurm\`.`);
  }
  stopSlurm();
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['', 'state', ...NODES.map((node) => `spool-${node}`)]) mkdirSync(file(name), { recursive: true });
  writeFileSync(file('munge.key'), randomBytes(1024), { mode: 0o400 });
  writeFileSync(slurmConf, configuration());

  // --force: the folders above may be writable for others than root, which is no danger for a test.
  start('munged', [
    ...['--force', `--key-file=${file('munge.key')}`, `--socket=${file('munge.socket')}`],
    ...[`--pid-file=${file('munged.pid')}`, `--log-file=${file('munged.log')}`, `--seed-file=${file('munge.seed')}`],
  ]);
  start('slurmctld', ['-f', slurmConf]);
  for (const node of NODES) start('slurmd', ['-f', slurmConf, '-N', node]);
  waitUntil(isUp, 30, `The nodes of Slurm are not idle after 30 seconds. See the logs in ${folder}.`);
}

/** Ends the daemons that `startSlurm` started. */
export function stopSlurm() {
  for (const name of [...daemons].reverse()) endDaemon(file(`${name}.pid`), name.split('-')[0]);
}

// Daemons must not keep the pipe of standard output open.
const start = (command, args) => run(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });

function isUp() {
  if (!existsSync(slurmConf)) return false;
  const { status, stdout } = spawnSync('sinfo', ['--noheader', '--Node', '--format=%N %t'], {
    env: { ...process.env, SLURM_CONF: slurmConf },
    encoding: 'utf8',
    timeout: 10_000,
  });
  return status === 0 && NODES.every((node) => new RegExp(`^${node} (idle|alloc|mix)$`, 'm').test(stdout));
}

function configuration() {
  const host = hostname();
  return `ClusterName=taggerjs
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${PORT}
SlurmUser=root
AuthType=auth/munge
# A requeued task waits until its credential has expired: by default for two minutes.
AuthInfo=socket=${file('munge.socket')},cred_expire=15
CredType=cred/munge
StateSaveLocation=${file('state')}
SlurmdSpoolDir=${file('spool-%n')}
SlurmctldPidFile=${file('slurmctld.pid')}
SlurmdPidFile=${file('slurmd-%n.pid')}
SlurmctldLogFile=${file('slurmctld.log')}
SlurmdLogFile=${file('slurmd-%n.log')}
# No control groups, which need systemd here.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=5,batch_sched_delay=1
SlurmdParameters=config_overrides
ReturnToService=2
${NODES.map((node, i) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${PORT + 1 + i} CPUs=1 State=UNKNOWN`).join('\n')}
PartitionName=main Nodes=${NODES.join(',')} Default=YES MaxTime=INFINITE State=UP
`;
}

const [, script, action] = process.argv;
if (script === import.meta.filename) {
  if (action === 'start') {
    startSlurm();
    console.log(slurmConf);
  } else if (action === 'stop') stopSlurm();
  else if (action === 'status') process.exitCode = isUp() ? 0 : 1;
  else {
    console.error('Usage: node tools/workspace/slurm.mjs start|stop|status');
    process.exitCode = 1;
  }
}
