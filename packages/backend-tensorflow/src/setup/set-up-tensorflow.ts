import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { TaggerError } from '@taggerjs/nn';

import { PLACES, readInstallation, rootFolder } from '../installation/installation';
import { BINDING_VERSION, type Manifest } from '../installation/manifest';
import type { Variant } from '../installation/variant';
import { makeStaging, putInPlace, removeRemains } from '../installation/staging';
import { bindingRecipe, compileBinding, compileKernels } from './compile-binding';
import { requireDiskSpace } from './disk-space';
import { copyLibtensorflow, libtensorflowSource } from './libtensorflow';
import { mustFetchLibraries } from './must-fetch-libraries';
import { fetchTfjsNode, requireTfjsNode, tfjsNodeName } from './tfjs-node-package';
import { verifyInstallation } from './verify';
import { TENSORFLOW_VERSION, TFJS_NODE_VERSION } from './versions';
import { downloadWheels, tensorflowPackage, unpackCudaLibraries, unpackTensorflow, wheelName } from './wheel';

/** What `setUpTensorflow` takes. */
export interface SetUpOptions {
  /** TensorFlow for the CPU alone, or the one with CUDA. @default 'cpu' */
  readonly variant?: Variant;
  /** The folder for it. @default the environment variable TAGGERJS_TENSORFLOW, else one in the user's cache folder */
  readonly folder?: string;
  /** The version of TensorFlow to fetch. @default TENSORFLOW_VERSION */
  readonly version?: string;
  /** A wheel of tensorflow or tensorflow-cpu to take TensorFlow from, instead of fetching it. */
  readonly wheel?: string;
  /**
   * The C library of TensorFlow to take instead: a folder, an archive (tar.gz), the address of one, or `'original'` for
   * TensorFlow's own host. With the variant `'cuda'` it must be one with CUDA, whose libraries are the system's: that of
   * Python's package (`site-packages/tensorflow`) says what it was built for, any other is taken to be built for CUDA 12.
   */
  readonly libtensorflow?: string;
  /**
   * Where the libraries of CUDA come from: `'system'`, `'fetch'` (from the Python Package Index: some 3 GB), or
   * `'auto'`: fetched where the system lacks one. `'fetch'` is for the variant `'cuda'`, from a wheel. @default 'auto'
   */
  readonly cudaLibraries?: 'auto' | 'system' | 'fetch';
  /** The npm package tfjs-node or tfjs-node-gpu, as a folder or a tarball. @default the one installed, else from npm */
  readonly tfjsNode?: string;
  /** The Python whose pip fetches wheels. @default 'python3' */
  readonly python?: string;
  /** The C++ compiler. @default the environment variable CXX, else 'c++' */
  readonly compiler?: string;
  /** Sets up anew what is there already. @default false */
  readonly force?: boolean;
  /** Ends the setup; nothing is left of it. */
  readonly signal?: AbortSignal;
  /** Is told what is being done, in lines for people. */
  readonly report?: (line: string) => void;
}

/** What `setUpTensorflow` did. */
export interface SetUpResult {
  /** The folder of the installation. */
  readonly folder: string;
  /** `'kept'`: it was there and works; `'compiled'`: TensorFlow was, binding and kernels are new; `'installed'`: all is new. */
  readonly did: 'kept' | 'compiled' | 'installed';
  /** The version of TensorFlow. */
  readonly tensorflow: string;
}

/** What a C library is taken to be built for that was asked for with CUDA: its archives do not say. */
const ASSUMED_CUDA = '12';

/** The room that a setup takes while it runs: the wheel and what is unpacked of it. */
const NEEDED_BYTES = { cpu: 1.2e9, cuda: 2.1e9 };

/**
 * Sets TensorFlow up for this package: fetches its library and the sources of tfjs-node's binding, compiles that and the
 * kernels of this package, and has them compute. The installation appears in its folder when all this has succeeded, or not at all; one that is
 * there and works is kept.
 *
 * @throws TaggerError `INVALID_OPTION`, or `NO_BACKEND` or `INVALID_FILE` where a step fails, with what to do
 */
export async function setUpTensorflow(options: SetUpOptions = {}): Promise<SetUpResult> {
  const { variant = 'cpu', force = false, report = () => {}, signal } = options;
  checkOptions(options);
  const root = rootFolder(options.folder);
  const target = join(root, variant);
  const compiler = options.compiler ?? (process.env['CXX'] || 'c++');
  const recipe = await bindingRecipe(compiler);
  const wanted = wantedSource(options);

  await mkdir(root, { recursive: true });
  await removeRemains(root);
  const present = force ? undefined : await readPresent(root, variant);
  const same = present !== undefined && (wanted === undefined || present.manifest.tensorflow.source === wanted);
  // Without kernels it is complete only where this compiler cannot compile them, which another attempt says.
  const levels = present?.manifest.kernels?.levels ?? [];
  const compiled = present?.manifest.binding.hash === recipe.hash && levels.length > 0;
  if (same && compiled && librariesThere(present.manifest, options)) {
    try {
      const tensorflow = await verifyInstallation(target, levels, signal);
      report(`TensorFlow ${tensorflow} is set up in ${target}, and works: nothing to do.`);
      return { folder: target, did: 'kept', tensorflow };
    } catch (error) {
      signal?.throwIfAborted();
      report(`What is in ${target} does not work, and is set up anew: ${(error as Error).message}`);
    }
  }

  const staging = await makeStaging(root);
  try {
    const steps = { variant, staging, options, report, signal };
    const reuse = same && librariesThere(present.manifest, options) ? present.manifest : undefined;
    const tensorflow =
      reuse === undefined ? await installTensorflow(steps) : await linkTensorflow(target, staging, reuse, report);
    const { name: tfjsNode, from } = await fetchTfjsNode(variant, join(staging, PLACES.tfjsNode), {
      given: options.tfjsNode,
      signal,
    });
    report(`Took the sources of ${tfjsNode} from ${from}.`);
    report(`Compiling its binding with ${compiler} ...`);
    const compilerVersion = await compileBinding(staging, recipe, signal);
    const kernels = await compileKernels(staging, recipe, signal);
    report(
      kernels.problem === undefined
        ? `Compiled the kernels of this package, for ${kernels.levels.join(', ')}.`
        : `The kernels of this package cannot be compiled for every processor, and without them all is slower. ${kernels.problem}`,
    );
    const version = await verifyInstallation(staging, kernels.levels, signal);
    report(`Compiled with ${compilerVersion}; TensorFlow ${version} computed a product with it.`);

    const manifest: Manifest = {
      format: 1,
      variant,
      platform: process.platform,
      arch: process.arch,
      tensorflow: { ...tensorflow.about, version },
      tfjsNode,
      binding: { version: BINDING_VERSION, hash: recipe.hash, compiler: compilerVersion },
      kernels,
      cudaLibraries: tensorflow.cudaLibraries,
    };
    await writeFile(join(staging, PLACES.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
    await rm(join(staging, 'scratch'), { recursive: true, force: true });
    for (const name of await readdir(staging)) if (name.endsWith('.tgz')) await rm(join(staging, name));
    signal?.throwIfAborted();
    await putInPlace(root, variant, staging);
    report(`TensorFlow ${version} is set up in ${target}.`);
    return { folder: target, did: reuse === undefined ? 'installed' : 'compiled', tensorflow: version };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

interface Steps {
  readonly variant: Variant;
  readonly staging: string;
  readonly options: SetUpOptions;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** TensorFlow in a folder, as the manifest describes it. */
interface InstalledTensorflow {
  readonly about: Omit<Manifest['tensorflow'], 'version'>;
  readonly cudaLibraries: readonly string[];
}

async function installTensorflow({ variant, staging, options, report, signal }: Steps): Promise<InstalledTensorflow> {
  const { version = TENSORFLOW_VERSION, python = 'python3' } = options;
  const scratch = join(staging, 'scratch');
  await mkdir(scratch);
  await requireDiskSpace(staging, NEEDED_BYTES[variant], `Setting up TensorFlow (${variant})`);

  if (options.libtensorflow !== undefined) {
    const source = libtensorflowSource(options.libtensorflow, variant, version);
    report(`Taking TensorFlow from ${source} ...`);
    const built = await copyLibtensorflow(source, join(staging, PLACES.tensorflow), scratch, signal);
    if (variant === 'cuda' && built !== undefined && built.cuda === undefined) {
      throw new TaggerError('INVALID_OPTION', `${source} is a TensorFlow without CUDA. Give one with it.`);
    }
    if (variant === 'cuda' && built === undefined) {
      report(`${source} does not say what it was built for: CUDA ${ASSUMED_CUDA} is assumed.`);
    }
    const about = built ?? (variant === 'cuda' ? { cuda: ASSUMED_CUDA } : {});
    return { about: { source, ...about }, cudaLibraries: [] };
  }

  let wheel = options.wheel;
  if (wheel === undefined) {
    const requirement = `${tensorflowPackage(variant)}==${version}`;
    report(`Fetching ${requirement} from the Python Package Index ...`);
    [wheel] = await downloadWheels([requirement], join(scratch, 'wheel'), { python, signal });
  }
  const name = wheelName(wheel as string);
  report(`Unpacking the libraries of ${name} ...`);
  const facts = await unpackTensorflow(wheel as string, staging, signal);
  const { cudaRequirements, ...about } = facts;
  if (variant === 'cuda' && about.cuda === undefined) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${wheel} is a TensorFlow without CUDA. Give a wheel of tensorflow (Linux, x64).`,
    );
  }
  // The files of Python that were only read.
  for (const entry of await readdir(staging)) {
    if (entry.endsWith('.dist-info')) await rm(join(staging, entry), { recursive: true });
  }
  await rm(join(staging, 'tensorflow', 'python'), { recursive: true, force: true });
  await rm(join(scratch, 'wheel'), { recursive: true, force: true });

  const cudaLibraries: string[] = [];
  if (variant === 'cuda' && (await mustFetchLibraries(options.cudaLibraries ?? 'auto', facts, report))) {
    // The compiler of CUDA is for XLA, which is not used.
    const requirements = cudaRequirements.filter((requirement) => !requirement.startsWith('nvidia-cuda-nvcc'));
    await requireDiskSpace(staging, 6e9, "Fetching CUDA's libraries");
    report(`Fetching the libraries of CUDA ${about.cuda} from the Python Package Index (some 3 GB) ...`);
    for (const requirement of requirements) {
      const [library] = await downloadWheels([requirement], join(scratch, 'cuda'), { python, signal });
      await unpackCudaLibraries(library as string, staging, signal);
      cudaLibraries.push(wheelName(library as string));
      await rm(join(scratch, 'cuda'), { recursive: true });
    }
    report(`Unpacked ${cudaLibraries.join(', ')}.`);
  }
  return { about: { ...about, source: name }, cudaLibraries };
}

/** Takes TensorFlow over from the installation there was, without copying it. */
async function linkTensorflow(
  from: string,
  staging: string,
  { tensorflow: { version: _, ...about }, cudaLibraries }: Manifest,
  report: (line: string) => void,
): Promise<InstalledTensorflow> {
  for (const place of [PLACES.tensorflow, PLACES.nvidia]) {
    if (existsSync(join(from, place))) await linkTree(join(from, place), join(staging, place));
  }
  report(`Keeping TensorFlow (${about.source}) from the setup before.`);
  return { about, cudaLibraries };
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    await (entry.isDirectory() ? linkTree(source, target) : link(source, target));
  }
}

/** The installation there is; undefined where there is none, or none that this version can read. */
async function readPresent(root: string, variant: Variant): Promise<{ readonly manifest: Manifest } | undefined> {
  const present = await readInstallation(root, variant).catch(() => undefined);
  const { format, platform, arch, binding } = present?.manifest ?? {};
  const ours = format === 1 && platform === process.platform && arch === process.arch && binding !== undefined;
  return ours ? present : undefined;
}

/** The source that was asked for, as the manifest names it; undefined where any will do. */
function wantedSource({ variant = 'cpu', version, wheel, libtensorflow }: SetUpOptions): string | undefined {
  if (wheel !== undefined) return wheelName(wheel);
  if (libtensorflow !== undefined) return libtensorflowSource(libtensorflow, variant, version ?? TENSORFLOW_VERSION);
  return version === undefined ? undefined : `${tensorflowPackage(variant).replace('-', '_')}-${version}`;
}

/** Whether an installation has the libraries of CUDA that were asked for. */
function librariesThere({ cudaLibraries }: Manifest, options: SetUpOptions): boolean {
  return options.cudaLibraries !== 'fetch' || cudaLibraries.length > 0;
}

function checkOptions(options: SetUpOptions): void {
  const { variant = 'cpu', cudaLibraries = 'auto', wheel, libtensorflow, tfjsNode } = options;
  const invalid = (what: string) => new TaggerError('INVALID_OPTION', `setUpTensorflow: ${what}.`);
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new TaggerError(
      'NO_BACKEND',
      `setUpTensorflow: TensorFlow is set up on Linux, x64 or arm64; this is ${process.platform} ${process.arch}. ` +
        'useWasm() of @taggerjs/backend-wasm runs everywhere.',
    );
  }
  if (variant !== 'cpu' && variant !== 'cuda')
    throw invalid(`variant must be 'cpu' or 'cuda'; it is ${String(variant)}`);
  if (variant === 'cuda' && process.arch !== 'x64') {
    throw invalid('there is no TensorFlow with CUDA for arm64 on the Python Package Index');
  }
  if (!['auto', 'system', 'fetch'].includes(cudaLibraries)) {
    throw invalid(`cudaLibraries must be 'auto', 'system' or 'fetch'; it is ${String(cudaLibraries)}`);
  }
  if (wheel !== undefined && libtensorflow !== undefined) {
    throw invalid('wheel and libtensorflow are two sources of TensorFlow; give one');
  }
  if (cudaLibraries === 'fetch' && variant === 'cpu') {
    throw invalid("cudaLibraries 'fetch' is for TensorFlow with CUDA; give variant 'cuda' (--cuda) with it");
  }
  if (cudaLibraries === 'fetch' && libtensorflow !== undefined) {
    throw invalid(
      "cudaLibraries 'fetch' takes the libraries that a wheel names, and libtensorflow names none. Install CUDA on the " +
        'system, or take TensorFlow from a wheel',
    );
  }
  if (tfjsNode !== undefined) requireTfjsNode(tfjsNode);
}

/** What is fetched from npm for a variant, for the help text. */
export function npmPackage(variant: Variant): string {
  return `${tfjsNodeName(variant)}@${TFJS_NODE_VERSION}`;
}
