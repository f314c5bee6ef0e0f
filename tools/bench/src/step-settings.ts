import type { ParseArgsConfig } from 'node:util';

/** The size of a training step, or of an inference. Peers read it as JSON. */
export interface StepSettings {
  /** Hidden size H, then the Ladder's sizes. */
  readonly sizes: readonly number[];
  /** Elements of an input, N. */
  readonly inputSize: number;
  readonly noise: 'bitflip' | 'gaussian';
  readonly norm: 'layer' | 'batch';
  /** K */
  readonly groups: number;
  /** T */
  readonly iterations: number;
  /** B */
  readonly batch: number;
  readonly task: 'training' | 'inference';
}

const PAPER = { inputSize: 400, noise: 'bitflip', norm: 'layer', groups: 4, iterations: 3, batch: 100 } as const;

/** Settings that have a name. */
export const NAMED_SETTINGS = {
  /** The model of the recipe `shapes-quick`, which trains in minutes. */
  small: { ...PAPER, sizes: [500, 250, 125], batch: 50, task: 'training' },
  /** The paper's network for Shapes. */
  shapes: { ...PAPER, sizes: [2000, 1000, 500], task: 'training' },
  /** The paper's network for TextureMNIST2. */
  textures: { ...PAPER, sizes: [3000, 2000, 1000], inputSize: 784, noise: 'gaussian', task: 'training' },
} as const satisfies Record<string, StepSettings>;

export type SettingsName = keyof typeof NAMED_SETTINGS;

/** The options of a command line that choose settings: `--size small --set batch=25 --set sizes=[300,200]`. */
export const SETTINGS_OPTIONS = {
  size: { type: 'string', default: 'shapes' },
  set: { type: 'string', multiple: true, default: [] },
} as const satisfies ParseArgsConfig['options'];

/**
 * The named settings, changed by a command's defaults and then by a command line.
 *
 * @throws RangeError if an option is invalid
 */
export function readSettings(
  { size, set }: { readonly size: string; readonly set: readonly string[] },
  defaults: Partial<StepSettings> = {},
): StepSettings {
  const named = NAMED_SETTINGS[size as SettingsName] as StepSettings | undefined;
  if (named === undefined)
    throw new RangeError(`--size must be ${Object.keys(NAMED_SETTINGS).join(' or ')}, not '${size}'.`);
  const settings: Record<string, unknown> = { ...named, ...defaults };
  for (const change of set) {
    const [, name = '', text = ''] = /^(\w+)=(.+)$/.exec(change) ?? [];
    const isWord = typeof settings[name] === 'string';
    const isValid = isWord
      ? /^[a-z]+$/.test(text)
      : Array.isArray(settings[name])
        ? /^\[[\d,]+\]$/.test(text)
        : /^[1-9]\d*$/.test(text);
    if (!(name in settings) || !isValid) {
      throw new RangeError(
        `--set must be like batch=25, with a name of ${Object.keys(settings).join(', ')}; not '${change}'.`,
      );
    }
    settings[name] = isWord ? text : JSON.parse(text);
  }
  return settings as unknown as StepSettings;
}

/** Settings for people. */
export function describeSettings(settings: StepSettings): string {
  const { sizes, inputSize, noise, norm, groups, iterations, batch } = settings;
  return (
    `${sizes.join('-')}, N ${inputSize}, ${noise === 'bitflip' ? 'bit-flip' : 'Gaussian'} noise, ${norm} norm, ` +
    `K ${groups}, T ${iterations}, B ${batch}`
  );
}
