import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { PLACES } from '../node/installation';
import { findLibraries } from './libtensorflow';
import { packageFolder } from './package-folder';
import { runCommand } from './run-command';

/** What is compiled, and how. */
export interface BindingRecipe {
  /** The C++ sources of this package. */
  readonly sources: string;
  readonly compiler: string;
  readonly flags: readonly string[];
  /** SHA-256 of all that decides what comes out, but TensorFlow and tfjs-node. */
  readonly hash: string;
}

/** Version 8 of Node-API is in Node since 12.22 and 15.12; nothing newer is used. */
const FLAGS = ['-std=c++17', '-O3', '-fPIC', '-shared', '-fvisibility=hidden', '-DNAPI_VERSION=8'];

/** Says what will be compiled. */
export async function bindingRecipe(compiler: string): Promise<BindingRecipe> {
  const sources = join(packageFolder(), 'binding');
  const hash = createHash('sha256').update(JSON.stringify([compiler, FLAGS]));
  for (const name of (await readdir(sources)).sort()) hash.update(name).update(await readFile(join(sources, name)));
  return { sources, compiler, flags: FLAGS, hash: hash.digest('hex') };
}

/**
 * Compiles the binding of an installation, with the system's compiler, against its TensorFlow.
 *
 * @param folder the installation's
 * @returns the compiler's name and version
 */
export async function compileBinding(
  folder: string,
  { sources, compiler, flags }: BindingRecipe,
  signal: AbortSignal | undefined,
): Promise<string> {
  const advice =
    'Compiling the binding takes a C++ compiler for C++17 (Debian: apt-get install g++); another one is named by the ' +
    'environment variable CXX.';
  const [version] = (await runCommand(compiler, ['--version'], { signal, advice })).split('\n');
  const tensorflow = join(folder, PLACES.tensorflow);
  const addon = join(folder, PLACES.addon);
  await mkdir(dirname(addon), { recursive: true });
  const { include_dir: nodeApi } = createRequire(join(sources, 'binding.cc'))('node-api-headers') as {
    include_dir: string;
  };
  const includes = [nodeApi, join(folder, PLACES.include), join(folder, PLACES.tfjsNode, 'binding'), sources];
  await runCommand(
    compiler,
    [
      ...flags,
      ...includes.flatMap((path) => ['-I', path]),
      join(sources, 'binding.cc'),
      ...['-o', addon],
      ...(findLibraries(tensorflow) ?? []).map((name) => join(tensorflow, name)),
      '-ldl',
      '-Wl,-rpath,$ORIGIN/../tensorflow',
    ],
    { signal, advice },
  );
  return version ?? compiler;
}
