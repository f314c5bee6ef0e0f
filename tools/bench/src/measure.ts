import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { readCommandLine } from './command-line';
import type { Command } from './commands/command';
import { describeMachine } from './machine';
import { renderRun } from './report/render-run';
import type { Run } from './run';

const RESULTS = resolve(import.meta.dirname, '../results');

/** Runs a measuring command, writes its JSON and prints its table. */
export async function measure(command: Command, args: readonly string[]): Promise<void> {
  const line = readCommandLine(args, command.defaults);
  const date = new Date().toISOString();
  const machine = describeMachine();
  const measured = await command.measure(line);
  const run = { date, machine, settings: line.settings, ...line.rounds, ...measured } as Run;

  const out = line.out ?? join(RESULTS, `${run.command}-${date.replaceAll(/[:.]/g, '-')}.json`);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(run, null, 1)}\n`);
  console.log(line.json ? JSON.stringify(run) : `${renderRun(run)}\nRecorded in ${out}`);
}
