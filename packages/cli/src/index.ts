// The `tagger` command, to be run from a program of one's own.
export { main, type MainOptions } from './main';
export { CliError, EXIT_CODES, type CliErrorCode } from './errors';
