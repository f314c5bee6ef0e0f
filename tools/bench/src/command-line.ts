import { parseArgs, type ParseArgsConfig } from 'node:util';

import { readPeers, readVariants, type Entry } from './contestants/contestants';
import type { Rounds } from './contestants/interleave';
import { NAMED_SETTINGS, readSettings, SETTINGS_OPTIONS, type SettingsName, type StepSettings } from './step-settings';

/** The options of every measuring command. */
export const COMMON_OPTIONS = {
  ...SETTINGS_OPTIONS,
  size: { type: 'string', default: 'shapes' },
  variants: { type: 'string' },
  peer: { type: 'string', multiple: true, default: [] },
  'peer-threads': { type: 'string' },
  rounds: { type: 'string' },
  'warm-up': { type: 'string', default: '2' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/** A parsed command line. */
export interface CommandLine {
  readonly settings: StepSettings;
  /** Variants, then peers. */
  readonly entries: readonly Entry[];
  readonly rounds: Rounds;
  /** The file for the JSON; undefined for a new file in the results folder. */
  readonly out: string | undefined;
  /** Whether to print JSON instead of a table. */
  readonly json: boolean;
}

/** What a command measures by default. */
export interface CommandDefaults {
  readonly variants: string;
  readonly rounds: number;
  readonly settings?: Partial<StepSettings>;
}

/** Parses a command line. */
export function readCommandLine(args: readonly string[], defaults: CommandDefaults): CommandLine {
  const { values } = parseArgs({ args: [...args], options: COMMON_OPTIONS });
  const named = NAMED_SETTINGS[values.size as SettingsName];
  if (named === undefined) {
    throw new RangeError(`--size must be ${Object.keys(NAMED_SETTINGS).join(', ')}: ${values.size}`);
  }
  const variants = readVariants(values.variants ?? defaults.variants);
  const rounds = Number(values.rounds ?? defaults.rounds);
  const warmUp = Number(values['warm-up']);
  if (!(rounds >= 1) || !(warmUp >= 0)) throw new RangeError('--rounds must be at least 1, --warm-up at least 0');
  return {
    settings: readSettings(values, { ...named, ...defaults.settings }),
    entries: [...variants, ...readPeers(values.peer, values['peer-threads'], variants)],
    rounds: { rounds, warmUp },
    out: values.out,
    json: values.json,
  };
}
