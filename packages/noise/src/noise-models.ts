import type { Registry } from '@taggerjs/nn';

import { bitflip } from './bitflip';
import { gaussian } from './gaussian';
import type { NoiseEnvironment, NoiseModel } from './noise-model';

/** The noise models that come with the package, by the name that a configuration calls them: `bitflip`, `gaussian`. */
export const noiseModels = { bitflip, gaussian } satisfies Registry<NoiseModel, NoiseEnvironment>;
