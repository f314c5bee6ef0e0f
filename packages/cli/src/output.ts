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
}

/** Makes the output of a command. Honors NO_COLOR and FORCE_COLOR. */
export function createOutput({
  stdout = process.stdout,
  stderr = process.stderr,
}: {
  readonly stdout?: NodeJS.WritableStream;
  readonly stderr?: NodeJS.WritableStream;
}): Output {
  const isTerminal = (stream: NodeJS.WritableStream) => (stream as { isTTY?: boolean }).isTTY === true;
  return {
    print: (line = '') => void stdout.write(`${line}\n`),
    note: (line = '') => void stderr.write(`${line}\n`),
    error: (line) => void stderr.write(`${line}\n`),
    stderr,
    interactive: isTerminal(stderr) && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb',
    color: colorsOf(isTerminal(stdout)),
  };
}

function colorsOf(terminal: boolean): Output['color'] {
  const { NO_COLOR, FORCE_COLOR, COLORTERM, TERM } = process.env;
  if (NO_COLOR || FORCE_COLOR === '0') return 'none';
  if (!terminal && FORCE_COLOR === undefined) return 'none';
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit' || FORCE_COLOR === '3') return 'truecolor';
  return TERM === 'dumb' ? 'none' : '256';
}
