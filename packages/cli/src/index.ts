// Runs the `tagger` command from your own program.
export { main, type MainOptions } from './main';
export { CliError, EXIT_CODES, type CliErrorCode } from './errors';
