import type { CommandDefaults, CommandLine } from '../command-line';
import type { Run } from '../run';

/** The contents of a run besides its date, machine and command line. */
export type Measured<R extends Run> = Omit<R, 'date' | 'machine' | 'settings' | 'rounds' | 'warmUp'>;

/** A measuring command. */
export interface Command<R extends Run = Run> {
  readonly summary: string;
  readonly defaults: CommandDefaults;
  measure(line: CommandLine): Promise<Measured<R>>;
}
