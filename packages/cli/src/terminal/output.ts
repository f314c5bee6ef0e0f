/** Where a command writes: results to one stream, progress and errors to the other. */
export interface Output {
  /** A line of results. */
  print(line?: string): void;
  /** A line of progress: for people, not part of the results. */
  note(line?: string): void;
  /** A line that says what went wrong. */
  error(line: string): void;
  /** The stream for progress. */
  readonly stderr: NodeJS.WritableStream;
  /** Whether people watch the progress on a terminal. */
  readonly interactive: boolean;
  /** Colours that the terminal shows. */
  readonly color: 'truecolor' | '256' | 'none';
  /** Why something could not be written, where it could not. */
  lost(): Error | undefined;
}

/** Makes the output of a command. Honors NO_COLOR and FORCE_COLOR. */
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

/** What went wrong with writing to the streams that are watched. */
const writeErrors = new WeakMap<NodeJS.WritableStream, Error | undefined>();

/** Nobody reading any more (`| head`) must not end a training, whose results are kept in files: such errors pass. */
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
