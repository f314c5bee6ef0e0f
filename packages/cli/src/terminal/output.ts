/** Where a command writes: results to one stream, progress and errors to the other. */
export interface Output {
  /** Prints a line of results. */
  print(line?: string): void;
  /** Prints a line of progress, which is not part of the results. */
  note(line?: string): void;
  /** Prints a line about an error. */
  error(line: string): void;
  /** The stream for progress. */
  readonly stderr: NodeJS.WritableStream;
  /** Whether progress goes to a terminal. */
  readonly interactive: boolean;
  /** Colors that the terminal supports. */
  readonly color: 'truecolor' | '256' | 'none';
  /** The error of a failed write, if any. */
  lost(): Error | undefined;
}

/** Creates the output of a command. Respects NO_COLOR and FORCE_COLOR. */
export function createOutput({
  stdout = process.stdout,
  stderr = process.stderr,
}: {
  readonly stdout?: NodeJS.WritableStream;
  readonly stderr?: NodeJS.WritableStream;
}): Output {
  for (const stream of [stdout, stderr]) watch(stream);
  const isTerminal = (stream: NodeJS.WritableStream) => (stream as { isTTY?: boolean }).isTTY === true;
  return {
    print: (line = '') => void stdout.write(`${line}\n`),
    note: (line = '') => void stderr.write(`${line}\n`),
    error: (line) => void stderr.write(`${line}\n`),
    stderr,
    interactive: isTerminal(stderr) && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb',
    color: colorsOf(isTerminal(stdout)),
    lost: () => writeErrors.get(stdout) ?? writeErrors.get(stderr),
  };
}

/** Write errors of the watched streams. */
const writeErrors = new WeakMap<NodeJS.WritableStream, Error | undefined>();

/** Records write errors. Ignores a closed pipe (`| head`), which must not end a training, because its results go to files. */
function watch(stream: NodeJS.WritableStream): void {
  if (writeErrors.has(stream)) return;
  writeErrors.set(stream, undefined);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') writeErrors.set(stream, error);
  });
}

function colorsOf(terminal: boolean): Output['color'] {
  const { NO_COLOR, FORCE_COLOR, COLORTERM, TERM } = process.env;
  if (NO_COLOR || FORCE_COLOR === '0') return 'none';
  if (!terminal && FORCE_COLOR === undefined) return 'none';
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit' || FORCE_COLOR === '3') return 'truecolor';
  return TERM === 'dumb' ? 'none' : '256';
}
