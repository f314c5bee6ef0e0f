import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { readVariants } from './contestants/start-variant';
import { describeMachine } from './machine';
import type { Run } from './measurements/measurement';
import { MEASUREMENTS, renderRun } from './measurements/measurements';
import { formatMarkdown } from './report/generated-document';
import { readSettings, SETTINGS_OPTIONS } from './step-settings';

const RESULTS = resolve(import.meta.dirname, '../results');

/**
 * Measures, writes the run as JSON and prints its table.
 *
 * @param name a key of {@link MEASUREMENTS}
 * @param args options of the command line
 * @throws RangeError or ERR_PARSE_ARGS_* if an option is invalid
 */
export async function measure(name: string, args: readonly string[]): Promise<void> {
  const { defaults, measure } = MEASUREMENTS[name] as NonNullable<(typeof MEASUREMENTS)[string]>;
  const options = { variants: { type: 'string' }, rounds: { type: 'string' }, out: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options: { ...SETTINGS_OPTIONS, ...options } });
  const settings = readSettings(values, defaults.settings);
  const variants = readVariants(values.variants ?? defaults.variants);
  const rounds = Number(values.rounds ?? defaults.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds must be a positive integer.');

  const date = new Date().toISOString();
  const machine = describeMachine();
  const results = await measure({ variants, settings, rounds });
  const run = { command: name, date, machine, settings, rounds, ...(results as object) } as Run;
  const out = values.out ?? join(RESULTS, `${name}-${date.replaceAll(/[:.]/g, '-')}.json`);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(run, null, 1)}\n`);
  console.log(`${await formatMarkdown(renderRun(run))}\nRecorded in ${out}`);
}
