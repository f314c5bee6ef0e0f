import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TaggerError } from '@taggerjs/nn';

/** The folder of this package, for its sources and its build. */
export function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'binding', 'binding.cc'))) return folder;
    if (dirname(folder) === folder) {
      throw new TaggerError('NO_BACKEND', 'The C++ sources of @taggerjs/backend-tensorflow are missing. Reinstall it.');
    }
  }
}
