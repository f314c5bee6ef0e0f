import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { TaggerError } from '@taggerjs/nn';

import { FOLDER_VARIABLE } from '../installation/installation';
import { packageFolder } from './package-folder';
import { setUpTensorflow, type SetUpOptions } from './set-up-tensorflow';
import { TENSORFLOW_VERSION } from './versions';

const HELP = `Usage: taggerjs-setup-tensorflow [options]

Sets up TensorFlow for useTensorflow() of @taggerjs/backend-tensorflow and useCuda() of @taggerjs/backend-cuda.
It fetches TensorFlow's library and the sources of TensorFlow.js's binding, compiles the binding and this
project's kernels, and checks that they compute.
Running it again keeps what works. A setup that fails leaves nothing behind.

  --cuda                   TensorFlow with CUDA 12, for NVIDIA GPUs (default: for the CPU)
  --folder FOLDER          install here (default: the environment variable ${FOLDER_VARIABLE}, else your cache folder)
  --tensorflow VERSION     2.13 or later (default: ${TENSORFLOW_VERSION})
  --force                  install again even if the installation works

By default, pip downloads TensorFlow from the Python Package Index. Instead:
  --wheel FILE             a wheel of tensorflow or tensorflow-cpu
  --libtensorflow PLACE    the C library: a folder, a tar.gz, its URL, or 'original' for TensorFlow's own host

  --cuda-libraries WHICH   'system'; 'fetch': download about 3 GB from the Python Package Index (with --cuda and a wheel);
                           'auto': download if the system lacks one (default: auto)
  --tfjs-node PLACE        folder or tarball of the npm package tfjs-node(-gpu) (default: the installed one, else npm)
  --python COMMAND         the Python whose pip downloads (default: python3)
  --help, --version

The C++ compiler is c++, or the environment variable CXX.`;

/** Where a command prints. */
export interface Output {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/**
 * The command `taggerjs-setup-tensorflow`.
 *
 * @param args its arguments
 * @param output where it prints. @default standard output and error
 * @returns its exit status: 0, 1 if the setup failed, 2 if the arguments are wrong, 130 if interrupted
 */
export async function main(args: readonly string[], output: Output = standard): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () =>
    interrupted.abort(new TaggerError('NO_BACKEND', 'Interrupted. The setup left nothing behind.'));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const options = readArguments(args);
    if (options === 'help') {
      output.print(HELP);
      return 0;
    }
    if (options === 'version') {
      const manifest = await readFile(join(packageFolder(), 'package.json'), 'utf8');
      output.print((JSON.parse(manifest) as { version: string }).version);
      return 0;
    }
    await setUpTensorflow({ ...options, signal: interrupted.signal, report: output.print });
    return 0;
  } catch (error) {
    output.printError(`taggerjs-setup-tensorflow: ${(error as Error).message}`);
    if (interrupted.signal.aborted) return 130;
    return error instanceof TaggerError && error.code === 'INVALID_OPTION' ? 2 : 1;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

const standard: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
};

function readArguments(args: readonly string[]): SetUpOptions | 'help' | 'version' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        cuda: flag,
        folder: text,
        tensorflow: text,
        force: flag,
        wheel: text,
        libtensorflow: text,
        'cuda-libraries': text,
        'tfjs-node': text,
        python: text,
        help: { type: 'boolean', short: 'h' },
        version: flag,
      },
    }));
  } catch (error) {
    throw new TaggerError('INVALID_OPTION', `${(error as Error).message}. Run it with --help for the options.`, {
      cause: error,
    });
  }
  if (values.help) return 'help';
  if (values.version) return 'version';
  const { cuda, tensorflow, 'cuda-libraries': cudaLibraries, 'tfjs-node': tfjsNode } = values;
  const { folder, force, wheel, libtensorflow, python } = values;
  return {
    ...given({ folder, force, wheel, libtensorflow, python, version: tensorflow, cudaLibraries, tfjsNode }),
    variant: cuda ? 'cuda' : 'cpu',
  } as SetUpOptions;
}

/** The options that were given. */
function given(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
