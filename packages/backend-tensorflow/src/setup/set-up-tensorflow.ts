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
import { fetchTfjsNode, requireTfjsNode } from './tfjs-node-package';
import { verifyInstallation } from './verify';
import { TENSORFLOW_VERSION } from './versions';
import { downloadWheels, tensorflowPackage, unpackCudaLibraries, unpackTensorflow, wheelName } from './wheel';

/** Options of `setUpTensorflow`. */
export interface SetUpOptions {
  /** TensorFlow for the CPU, or with CUDA. @default 'cpu' */
  readonly variant?: Variant;
  /** The folder for it. @default the environment variable TAGGERJS_TENSORFLOW, else one in the user's cache folder */
  readonly folder?: string;
  /** The version of TensorFlow to download. @default TENSORFLOW_VERSION */
  readonly version?: string;
  /** A wheel of tensorflow or tensorflow-cpu to use instead of downloading one. */
  readonly wheel?: string;
  /**
   * The C library of TensorFlow to use instead: a folder, an archive (tar.gz), its URL, or `'original'` for TensorFlow's own
   * host. For the variant `'cuda'` it must be built with CUDA, and the system must have CUDA's libraries. The Python package
   * (`site-packages/tensorflow`) records the version; any other is assumed to be built for CUDA 12.
   */
  readonly libtensorflow?: string;
  /**
   * Where CUDA's libraries come from: `'system'`; `'fetch'`: the Python Package Index, about 3 GB; `'auto'`: the index if the
   * system lacks one. `'fetch'` needs the variant `'cuda'` and a wheel. @default 'auto'
   */
  readonly cudaLibraries?: 'auto' | 'system' | 'fetch';
  /** The npm package tfjs-node or tfjs-node-gpu, as a folder or a tarball. @default the installed one, else npm */
  readonly tfjsNode?: string;
  /** The Python whose pip downloads wheels. @default 'python3' */
  readonly python?: string;
  /** The C++ compiler. @default the environment variable CXX, else 'c++' */
  readonly compiler?: string;
  /** Installs again even if the installation works. @default false */
  readonly force?: boolean;
  /** Ends the setup, which leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Receives the progress, in lines for people. */
  readonly report?: (line: string) => void;
}

/** What `setUpTensorflow` did. */
export interface SetUpResult {
  /** The folder of the installation. */
  readonly folder: string;
  /** `'kept'`: the installation works; `'compiled'`: binding and kernels are new; `'installed'`: TensorFlow is new too. */
  readonly did: 'kept' | 'compiled' | 'installed';
  /** The version of TensorFlow. */
  readonly tensorflow: string;
}

/** The CUDA version of a C library: its archives do not record it. */
const ASSUMED_CUDA = '12';

/** The disk space that a setup needs while it runs: the wheel and its contents. */
const NEEDED_BYTES = { cpu: 1.2e9, cuda: 2.1e9 };

/**
 * Sets up TensorFlow for this package: downloads its library and the sources of tfjs-node's binding, compiles the binding and
 * this package's kernels, and checks that they compute. The installation appears in its folder when everything succeeded, or not
 * at all. An installation that works is kept.
 *
 * @throws TaggerError `INVALID_OPTION`, or `NO_BACKEND` or `INVALID_FILE` if a step fails, with what to do
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
  // Without kernels, another attempt shows whether this compiler can compile them.
  const levels = present?.manifest.kernels?.levels ?? [];
  const compiled = present?.manifest.binding.hash === recipe.hash && levels.length > 0;
  if (same && compiled && librariesThere(present.manifest, options)) {
    try {
      const tensorflow = await verifyInstallation(target, levels, signal);
      report(`TensorFlow ${tensorflow} is set up in ${target} and works: nothing to do.`);
      return { folder: target, did: 'kept', tensorflow };
    } catch (error) {
      signal?.throwIfAborted();
      report(`The installation in ${target} does not work; setting it up again: ${(error as Error).message}`);
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
    report(`Copied the sources of ${tfjsNode} from ${from}.`);
    report(`Compiling its binding with ${compiler} ...`);
    const compilerVersion = await compileBinding(staging, recipe, signal);
    const kernels = await compileKernels(staging, recipe, signal);
    report(
      kernels.problem === undefined
        ? `Compiled the kernels for ${kernels.levels.join(', ')}.`
        : `Could not compile the kernels for every processor level; without them, models run more slowly. ${kernels.problem}`,
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

/** An unpacked TensorFlow, for the manifest. */
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
    report(`Copying TensorFlow from ${source} ...`);
    const built = await copyLibtensorflow(source, join(staging, PLACES.tensorflow), scratch, signal);
    if (variant === 'cuda' && built !== undefined && built.cuda === undefined) {
      throw new TaggerError('INVALID_OPTION', `${source} is a TensorFlow without CUDA. Pass one with CUDA.`);
    }
    if (variant === 'cuda' && built === undefined) {
      report(`${source} does not record its CUDA version; assuming CUDA ${ASSUMED_CUDA}.`);
    }
    const about = built ?? (variant === 'cuda' ? { cuda: ASSUMED_CUDA } : {});
    return { about: { source, ...about }, cudaLibraries: [] };
  }

  let wheel = options.wheel;
  if (wheel === undefined) {
    const requirement = `${tensorflowPackage(variant)}==${version}`;
    report(`Downloading ${requirement} from the Python Package Index ...`);
    [wheel] = await downloadWheels([requirement], join(scratch, 'wheel'), { python, signal });
  }
  const name = wheelName(wheel as string);
  report(`Unpacking the libraries of ${name} ...`);
  const facts = await unpackTensorflow(wheel as string, staging, signal);
  const { cudaRequirements, ...about } = facts;
  if (variant === 'cuda' && about.cuda === undefined) {
    throw new TaggerError(
      'INVALID_OPTION',
      `${wheel} is a TensorFlow without CUDA. Pass a wheel of tensorflow (Linux, x64).`,
    );
  }
  // These files were needed only for reading.
  for (const entry of await readdir(staging)) {
    if (entry.endsWith('.dist-info')) await rm(join(staging, entry), { recursive: true });
  }
  await rm(join(staging, 'tensorflow', 'python'), { recursive: true, force: true });
  await rm(join(scratch, 'wheel'), { recursive: true, force: true });

  const cudaLibraries: string[] = [];
  if (variant === 'cuda' && (await mustFetchLibraries(options.cudaLibraries ?? 'auto', facts, report))) {
    // Only XLA, which is not used, needs CUDA's compiler.
    const requirements = cudaRequirements.filter((requirement) => !requirement.startsWith('nvidia-cuda-nvcc'));
    await requireDiskSpace(staging, 6e9, "Downloading CUDA's libraries");
    report(`Downloading the libraries of CUDA ${about.cuda} from the Python Package Index (about 3 GB) ...`);
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

/** Links TensorFlow from the present installation, without copying it. */
async function linkTensorflow(
  from: string,
  staging: string,
  { tensorflow: { version: _, ...about }, cudaLibraries }: Manifest,
  report: (line: string) => void,
): Promise<InstalledTensorflow> {
  for (const place of [PLACES.tensorflow, PLACES.nvidia]) {
    if (existsSync(join(from, place))) await linkTree(join(from, place), join(staging, place));
  }
  report(`Keeping TensorFlow (${about.source}) from the previous setup.`);
  return { about, cudaLibraries };
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    await (entry.isDirectory() ? linkTree(source, target) : link(source, target));
  }
}

/** The present installation; undefined if there is none that this version can read. */
async function readPresent(root: string, variant: Variant): Promise<{ readonly manifest: Manifest } | undefined> {
  const present = await readInstallation(root, variant).catch(() => undefined);
  const { format, platform, arch, binding } = present?.manifest ?? {};
  const ours = format === 1 && platform === process.platform && arch === process.arch && binding !== undefined;
  return ours ? present : undefined;
}

/** The requested source, as the manifest names it; undefined if any will do. */
function wantedSource({ variant = 'cpu', version, wheel, libtensorflow }: SetUpOptions): string | undefined {
  if (wheel !== undefined) return wheelName(wheel);
  if (libtensorflow !== undefined) return libtensorflowSource(libtensorflow, variant, version ?? TENSORFLOW_VERSION);
  return version === undefined ? undefined : `${tensorflowPackage(variant).replace('-', '_')}-${version}`;
}

/** Whether an installation has the requested CUDA libraries. */
function librariesThere({ cudaLibraries }: Manifest, options: SetUpOptions): boolean {
  return options.cudaLibraries !== 'fetch' || cudaLibraries.length > 0;
}

function checkOptions(options: SetUpOptions): void {
  const { variant = 'cpu', cudaLibraries = 'auto', wheel, libtensorflow, tfjsNode } = options;
  const invalid = (what: string) => new TaggerError('INVALID_OPTION', `setUpTensorflow: ${what}.`);
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new TaggerError(
      'NO_BACKEND',
      `setUpTensorflow: TensorFlow needs Linux on x64 or arm64; this is ${process.platform} ${process.arch}. Use ` +
        '@taggerjs/backend-wasm, which runs everywhere.',
    );
  }
  if (variant !== 'cpu' && variant !== 'cuda')
    throw invalid(`variant must be 'cpu' or 'cuda'; it is ${String(variant)}`);
  if (variant === 'cuda' && process.arch !== 'x64') {
    throw invalid('the Python Package Index has no TensorFlow with CUDA for arm64');
  }
  if (!['auto', 'system', 'fetch'].includes(cudaLibraries)) {
    throw invalid(`cudaLibraries must be 'auto', 'system' or 'fetch'; it is ${String(cudaLibraries)}`);
  }
  if (wheel !== undefined && libtensorflow !== undefined) {
    throw invalid('wheel and libtensorflow are two sources of TensorFlow; pass one');
  }
  if (cudaLibraries === 'fetch' && variant === 'cpu') {
    throw invalid("cudaLibraries 'fetch' needs TensorFlow with CUDA; pass variant 'cuda' (--cuda) too");
  }
  if (cudaLibraries === 'fetch' && libtensorflow !== undefined) {
    throw invalid(
      "cudaLibraries 'fetch' downloads the libraries that a wheel names; libtensorflow names none. Install CUDA on the " +
        'system, or use a wheel',
    );
  }
  if (tfjsNode !== undefined) requireTfjsNode(tfjsNode);
}
