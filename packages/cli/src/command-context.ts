import type { Output } from './terminal/output';

/** What every command receives besides its arguments. */
export interface CommandContext {
  readonly output: Output;
  /** Sets the exit code of a command that ends without an error. */
  readonly setExitCode: (code: number) => void;
}
