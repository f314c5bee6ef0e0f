import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { kernelsPlace, PLACES } from '../installation/installation';
import type { Manifest } from '../installation/manifest';
import { findLibraries } from './libtensorflow';
import { packageFolder } from './package-folder';
import { runCommand } from './run-command';

/** What to compile, and how. */
export interface BindingRecipe {
  /** The C++ sources of this package. */
  readonly sources: string;
  readonly compiler: string;
  readonly flags: readonly string[];
  /** The processor levels to compile kernels for, the highest first, with the flags for each. */
  readonly levels: Readonly<Record<string, readonly string[]>>;
  /** SHA-256 of everything that determines the result, except TensorFlow and tfjs-node. */
  readonly hash: string;
}

/** Node has version 8 of Node-API since 12.22 and 15.12. */
const FLAGS = ['-std=c++17', '-O3', '-fPIC', '-shared', '-fvisibility=hidden', '-DNAPI_VERSION=8'];

/** Products and sums may be fused; NaN and infinities must stay. */
const KERNEL_FLAGS = ['-ffp-contract=fast', '-fno-math-errno', '-fno-trapping-math', '-pthread'];

/** Processor levels, by the names in the binding's `cpuLevels`. */
const LEVELS: Readonly<Partial<Record<NodeJS.Architecture, BindingRecipe['levels']>>> = {
  x64: {
    'x86-64-v4': ['-march=x86-64-v4', '-mprefer-vector-width=512'],
    'x86-64-v3': ['-march=x86-64-v3'],
    baseline: [],
  },
};

/** Decides what to compile. */
export async function bindingRecipe(compiler: string): Promise<BindingRecipe> {
  const sources = join(packageFolder(), 'binding');
  const levels = LEVELS[process.arch] ?? { baseline: [] };
  const hash = createHash('sha256').update(JSON.stringify([compiler, FLAGS, KERNEL_FLAGS, levels]));
  const files = (await readdir(sources, { recursive: true })).filter((name) => /\.(cc|h)$/.test(name));
  for (const name of files.sort()) hash.update(name).update(await readFile(join(sources, name)));
  return { sources, compiler, flags: FLAGS, levels, hash: hash.digest('hex') };
}

/**
 * Compiles the binding of an installation, with the system's compiler, against its TensorFlow.
 *
 * @param folder of the installation
 * @returns the compiler's name and version
 */
export async function compileBinding(
  folder: string,
  { sources, compiler, flags }: BindingRecipe,
  signal: AbortSignal | undefined,
): Promise<string> {
  const advice =
    'You need a compiler for C++17 (Debian: apt-get install g++). To use another one, set the environment variable CXX.';
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
      ...linking(tensorflow),
      '-ldl',
    ],
    { signal, advice },
  );
  return version ?? compiler;
}

/**
 * Compiles this package's kernels for the CPU, once for each processor level, all at the same time. Levels that the compiler
 * cannot compile are left out: everything computes without them.
 *
 * @param folder of the installation
 * @returns the levels that have kernels, and the compiler's message for the first that has none
 */
export async function compileKernels(
  folder: string,
  { sources, compiler, flags, levels }: BindingRecipe,
  signal: AbortSignal | undefined,
): Promise<NonNullable<Manifest['kernels']>> {
  const tensorflow = join(folder, PLACES.tensorflow);
  const source = join(sources, 'kernels', 'kernels.cc');
  /** Compiles them for a level. Returns the problem, if any. */
  const compile = async (level: string, ofLevel: readonly string[]): Promise<string | undefined> => {
    const library = join(folder, kernelsPlace(level));
    const args = [...flags, ...KERNEL_FLAGS, ...ofLevel, '-I', join(folder, PLACES.include), source, '-o', library];
    try {
      await mkdir(dirname(library), { recursive: true });
      await runCommand(compiler, [...args, ...linking(tensorflow)], { signal, advice: '' });
      return undefined;
    } catch (error) {
      return `${level}: ${(error as Error).message.trim()}`;
    }
  };
  const problems = await Promise.all(Object.entries(levels).map(([level, ofLevel]) => compile(level, ofLevel)));
  signal?.throwIfAborted();
  const problem = problems.find((one) => one !== undefined);
  return {
    levels: Object.keys(levels).filter((_, i) => problems[i] === undefined),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Links TensorFlow's libraries, relative to the result. */
function linking(tensorflow: string): string[] {
  const libraries = (findLibraries(tensorflow) ?? []).map((name) => join(tensorflow, name));
  return [...libraries, '-Wl,-rpath,$ORIGIN/../tensorflow'];
}
