import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { cleanEnvironment, npm } from './shell';

/** A registry on this machine: it has the packages that are published to it, and passes on requests for all others. */
export interface Registry {
  readonly url: string;
  /** Variables with which npm uses this registry, with an account that may publish, and a cache of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops the registry. */
  stop(): Promise<void>;
}

/** A module that ends its process with the one that forked it. */
const END_WITH_PARENT = `data:text/javascript,process.on('disconnect',()=>process.exit())`;

/**
 * Starts Verdaccio on loopback. It ends if this process does, even if this process is killed.
 *
 * @param folder where it keeps its packages, and its log
 */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const ask = async (key: string) => (await npm(['config', 'get', key], { cwd: folder })).stdout.trim();
  const cafile = await ask('cafile');
  const own = { access: '$all', publish: '$authenticated' };
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: {
      upstream: {
        url: await ask('registry'),
        maxage: '1h',
        timeout: '60s',
        ...(cafile !== 'null' && { ca: readFileSync(cafile, 'utf8') }),
      },
    },
    // Requests for packages of this project are never passed on.
    packages: { taggerjs: own, '@taggerjs/*': own, '**': { access: '$all', proxy: 'upstream' } },
    max_body_size: '100mb',
    web: { enable: false },
    log: { type: 'file', path: join(folder, 'registry.log'), level: 'warn' },
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const child = fork(
    require.resolve('verdaccio/bin/verdaccio'),
    ['--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`],
    { cwd: folder, env: cleanEnvironment(), execArgv: ['--import', END_WITH_PARENT], stdio: 'ignore' },
  );
  const closed = once(child, 'exit');
  const started = await Promise.race([once(child, 'message').then(() => true), closed.then(() => false)]);
  if (!started) throw new Error(`Verdaccio does not start: see ${folder}/registry.log.`);
  const npmrc = join(folder, 'npmrc');
  const token = await createAccount(url).catch(async (error: unknown) => {
    child.kill();
    await closed;
    throw error;
  });
  writeFileSync(npmrc, `//127.0.0.1:${port}/:_authToken=${token}\n`);
  return {
    url,
    env: { npm_config_registry: url, npm_config_userconfig: npmrc, npm_config_cache: join(folder, 'npm-cache') },
    async stop() {
      child.kill();
      await closed;
    },
  };
}

async function createAccount(url: string): Promise<string> {
  const response = await fetch(`${url}-/user/org.couchdb.user:rehearsal`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'rehearsal', password: crypto.randomUUID() }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`Verdaccio creates no account: ${response.status}.`);
  return token;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
