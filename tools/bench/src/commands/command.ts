import type { CommandDefaults, CommandLine } from '../command-line';
import type { Run } from '../run';

/** What a run says beyond its date, machine and command line. */
export type Measured<R extends Run> = Omit<R, 'date' | 'machine' | 'settings' | 'rounds' | 'warmUp'>;

/** Something that can be measured. */
export interface Command<R extends Run = Run> {
  readonly summary: string;
  readonly defaults: CommandDefaults;
  measure(line: CommandLine): Promise<Measured<R>>;
}
