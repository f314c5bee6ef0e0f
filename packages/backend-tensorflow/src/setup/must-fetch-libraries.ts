import { TaggerError } from '@taggerjs/nn';

import { cudaLibraryNames } from '../node/cuda-libraries';
import { runCommand } from './run-command';
import type { WheelFacts } from './wheel';

/**
 * Whether to download CUDA's libraries for a TensorFlow with CUDA from a wheel.
 *
 * @param wanted the option `cudaLibraries`
 * @param facts from the wheel
 * @param report receives what the system has
 * @param installed what the dynamic linker knows, as `ldconfig -p` prints it
 * @throws TaggerError `INVALID_OPTION` if it cannot decide, or they cannot be downloaded
 */
export async function mustFetchLibraries(
  wanted: 'auto' | 'system' | 'fetch',
  { cuda, cudnn, cudaRequirements }: WheelFacts,
  report: (line: string) => void,
  installed: () => Promise<string> = linkerCache,
): Promise<boolean> {
  if (wanted === 'system') return false;
  if (wanted === 'auto') {
    const names = cudaLibraryNames(cuda, cudnn);
    if (names === undefined) {
      throw new TaggerError(
        'INVALID_OPTION',
        `This TensorFlow was built for CUDA ${cuda}; this command can only look for the libraries of CUDA 12. Pass ` +
          `--cuda-libraries system if CUDA ${cuda} is installed, else --cuda-libraries fetch.`,
      );
    }
    const cache = await installed();
    const missing = names.filter((library) => !cache.includes(`${library} `));
    if (missing.length === 0) {
      report(`The libraries of CUDA ${cuda} are installed on this system.`);
      return false;
    }
    report(`The system lacks libraries of CUDA ${cuda}: ${missing.join(', ')}.`);
  }
  if (cudaRequirements.length === 0) {
    throw new TaggerError(
      'INVALID_OPTION',
      `Cannot download the libraries of CUDA ${cuda}: the wheel of this TensorFlow names no packages with them. ` +
        `Install CUDA ${cuda}, and pass --cuda-libraries system.`,
    );
  }
  return true;
}

/** The libraries that the dynamic linker knows; empty if the system has no ldconfig. */
function linkerCache(): Promise<string> {
  return runCommand('/sbin/ldconfig', ['-p'], { advice: '' }).catch(() => '');
}
