import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** The served content by path: a file, a folder (if the path ends in `/`), or a text with its type. */
export type Served = Readonly<Record<string, string | { readonly text: string; readonly type: string }>>;

/** A running server. */
export interface Server {
  /** Its URL, without a trailing slash. */
  readonly origin: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Serves files on loopback.
 *
 * @param isolated whether to send the headers for cross-origin isolation
 * @param onMissing called with the path of a request that is not found
 * @param port port number; 0 for any free port
 */
export async function serve(
  served: Served,
  isolated: boolean,
  onMissing: (path: string) => void = () => {},
  port = 0,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    for (const [name, value] of Object.entries(isolated ? ISOLATION : {})) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-store');
    answer(served, path, response, onMissing).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  served: Served,
  path: string,
  response: ServerResponse,
  onMissing: (path: string) => void,
): Promise<void> {
  const found = find(served, path);
  if (typeof found === 'object') {
    response.writeHead(200, { 'Content-Type': found.type }).end(found.text);
    return;
  }
  const size = found === undefined ? undefined : await sizeOf(found);
  if (found === undefined || size === undefined) {
    onMissing(path);
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`There is nothing at ${path}.`);
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream',
    'Content-Length': size,
  });
  createReadStream(found)
    .on('error', (error) => response.destroy(error))
    .pipe(response);
}

function find(served: Served, path: string): Served[string] | undefined {
  if (Object.hasOwn(served, path)) return served[path];
  for (const [prefix, folder] of Object.entries(served)) {
    if (!prefix.endsWith('/') || !path.startsWith(prefix) || typeof folder !== 'string') continue;
    const rest = normalize(path.slice(prefix.length));
    if (!rest.startsWith('..')) return join(folder, rest);
  }
  return undefined;
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}
