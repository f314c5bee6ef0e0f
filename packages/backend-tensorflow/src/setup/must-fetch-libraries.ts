import { TaggerError } from '@taggerjs/nn';

import { cudaLibraryNames } from '../node/cuda-libraries';
import { runCommand } from './run-command';
import type { WheelFacts } from './wheel';

/**
 * Whether CUDA's libraries are to be fetched for a TensorFlow with CUDA from a wheel.
 *
 * @param wanted the option `cudaLibraries`
 * @param facts what the wheel says of itself
 * @param report is told what the system has
 * @param installed what the dynamic linker knows, as `ldconfig -p` prints it
 * @throws TaggerError `INVALID_OPTION` where that cannot be known, or they cannot be fetched
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
        `This TensorFlow was built for CUDA ${cuda}, and whether the system has the libraries of that is not known here, ` +
          `but for CUDA 12. Give --cuda-libraries: 'system' where CUDA ${cuda} is installed, else 'fetch'.`,
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
      `The libraries of CUDA ${cuda} cannot be fetched: the wheel of this TensorFlow names no packages that have them. ` +
        `Install CUDA ${cuda}, and give --cuda-libraries system.`,
    );
  }
  return true;
}

/** What the dynamic linker knows; nothing where the system has no ldconfig. */
function linkerCache(): Promise<string> {
  return runCommand('/sbin/ldconfig', ['-p'], { advice: '' }).catch(() => '');
}
