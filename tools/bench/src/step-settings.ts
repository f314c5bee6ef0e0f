import type { ParseArgsConfig } from 'node:util';

/** The size of a training step, or of an inference. */
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

/** Settings that have a name. */
export const NAMED_SETTINGS = {
  /** A small model that trains in minutes. */
  small: training([500, 250, 125], 400, 'bitflip'),
  /** The paper's network for Shapes. */
  shapes: training([2000, 1000, 500], 400, 'bitflip'),
  /** The paper's network for TextureMNIST2. */
  textures: training([3000, 2000, 1000], 784, 'gaussian'),
} as const satisfies Record<string, StepSettings>;

export type SettingsName = keyof typeof NAMED_SETTINGS;

function training(sizes: readonly number[], inputSize: number, noise: StepSettings['noise']): StepSettings {
  return { sizes, inputSize, noise, norm: 'layer', groups: 4, iterations: 3, batch: 100, task: 'training' };
}

/** The settings' options on a command line: the same for the tool, its variants and every peer. */
export const SETTINGS_OPTIONS = {
  sizes: { type: 'string' },
  input: { type: 'string' },
  noise: { type: 'string' },
  norm: { type: 'string' },
  groups: { type: 'string' },
  iterations: { type: 'string' },
  batch: { type: 'string' },
  task: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

type SettingsValues = { readonly [Name in keyof typeof SETTINGS_OPTIONS]?: string | undefined };

/** Settings from a command line; missing ones are as in `base`. */
export function readSettings(values: SettingsValues, base: StepSettings): StepSettings {
  const count = (name: string, value: string | undefined, otherwise: number) => {
    if (value === undefined) return otherwise;
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1) throw new RangeError(`--${name} must be a positive integer: ${value}`);
    return number;
  };
  const choice = <T extends string>(name: string, value: string | undefined, choices: readonly T[], otherwise: T) => {
    if (value === undefined) return otherwise;
    if (choices.includes(value as T)) return value as T;
    throw new RangeError(`--${name} must be ${choices.join(' or ')}: ${value}`);
  };
  return {
    sizes: values.sizes?.split(',').map((size) => count('sizes', size, 0)) ?? base.sizes,
    inputSize: count('input', values.input, base.inputSize),
    noise: choice('noise', values.noise, ['bitflip', 'gaussian'], base.noise),
    norm: choice('norm', values.norm, ['layer', 'batch'], base.norm),
    groups: count('groups', values.groups, base.groups),
    iterations: count('iterations', values.iterations, base.iterations),
    batch: count('batch', values.batch, base.batch),
    task: choice('task', values.task, ['training', 'inference'], base.task),
  };
}

/** Settings as a command line: the inverse of {@link readSettings}. */
export function writeSettings(settings: StepSettings): string[] {
  const { inputSize, sizes, ...others } = settings;
  const values = { sizes: sizes.join(','), input: inputSize, ...others };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Settings for people. */
export function describeSettings(settings: StepSettings): string {
  const { sizes, inputSize, noise, norm, groups, iterations, batch } = settings;
  return (
    `${sizes.join('-')}, N ${inputSize}, ${noise === 'bitflip' ? 'bit-flip' : 'Gaussian'} noise, ${norm} norm, ` +
    `K ${groups}, T ${iterations}, B ${batch}`
  );
}
