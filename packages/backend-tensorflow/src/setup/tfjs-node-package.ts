import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { TaggerError } from '@taggerjs/nn';

import type { Variant } from '../installation/variant';
import { runCommand } from './run-command';
import { TFJS_NODE_VERSION } from './versions';

/** The npm package of a variant. Both have the same sources. */
export function tfjsNodeName(variant: Variant): string {
  return variant === 'cuda' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}

/**
 * Refuses a path that does not exist.
 *
 * @throws TaggerError `INVALID_OPTION`
 */
export function requireTfjsNode(place: string): void {
  if (existsSync(place)) return;
  throw new TaggerError('INVALID_OPTION', `--tfjs-node: ${resolve(place)} does not exist.`);
}

/**
 * Copies the files of the npm package to `target`: from `given` (its folder, or its tarball), from the current project, or from
 * npm. It does not run the package's install script, which downloads TensorFlow 2.9.
 *
 * @returns the name and version, and the source
 * @throws TaggerError `INVALID_OPTION` if `given` does not exist, `INVALID_FILE` if it is another package
 */
export async function fetchTfjsNode(
  variant: Variant,
  target: string,
  { given, signal }: { readonly given: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<{ readonly name: string; readonly from: string }> {
  const name = tfjsNodeName(variant);
  if (given !== undefined) requireTfjsNode(given);
  await mkdir(target, { recursive: true });
  const folder = given !== undefined && (await stat(given)).isDirectory() ? resolve(given) : undefined;
  const found = folder ?? (given === undefined ? findInstalled(name) : undefined);
  if (found !== undefined) {
    const parts = ['binding', 'dist', 'package.json'];
    const missing = parts.filter((part) => !existsSync(join(found, part)));
    if (missing.length > 0) {
      throw new TaggerError('INVALID_FILE', `${found} is not the folder of ${name}: it lacks ${missing.join(', ')}.`);
    }
    for (const part of parts) {
      await cp(join(found, part), join(target, part), { recursive: true });
    }
  } else {
    const tarball = given ?? (await pack(`${name}@${TFJS_NODE_VERSION}`, dirname(target), signal));
    await runCommand('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], {
      signal,
      advice: `It unpacks ${tarball}, which must be the tarball of ${name}.`,
    });
  }
  const place = found ?? given ?? name;
  const manifest = await readManifest(target);
  if (!/^@tensorflow\/tfjs-node(-gpu)?@4\./.test(`${manifest?.name}@${manifest?.version}`)) {
    const is = manifest === undefined ? 'has no readable package.json' : `is ${manifest.name} ${manifest.version}`;
    throw new TaggerError('INVALID_FILE', `${place} ${is}, expected ${name} 4.`);
  }
  return { name: `${manifest?.name}@${manifest?.version}`, from: found ?? given ?? 'npm' };
}

/** The package.json of a folder; undefined if it cannot be read. */
async function readManifest(folder: string): Promise<{ name?: unknown; version?: unknown } | undefined> {
  try {
    return (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The folder of a package in the current project; undefined if it is not installed. */
function findInstalled(name: string): string | undefined {
  try {
    return dirname(createRequire(join(process.cwd(), 'package.json')).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

async function pack(specification: string, folder: string, signal: AbortSignal | undefined): Promise<string> {
  const printed = await runCommand('npm', ['pack', specification, '--pack-destination', folder, '--json'], {
    cwd: folder,
    signal,
    advice:
      'It downloads the sources of the binding from npm. Or download that package elsewhere and pass it with --tfjs-node.',
  });
  const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
  // npm 9 and 10 report another file name for scoped packages than they write.
  return join(folder, filename.replace(/^@/, '').replace('/', '-'));
}
