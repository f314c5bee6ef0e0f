import { WeightsError } from './errors';
import { quote } from './quote';

/** The header of an .npy file. */
export interface NpyHeader {
  /** NumPy's name of the element type, such as '<f4'. */
  readonly descr: string;
  /** Whether the first axis varies fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** The limit of NumPy itself. */
const MOST_AXES = 64;

/**
 * Parses the header of an .npy file: a Python dict literal of exactly the keys `descr`, `fortran_order` and `shape`, in any
 * order, then spaces and at most one line break. Only what NumPy writes is read: no expressions, no structured types.
 *
 * @throws WeightsError `INVALID_HEADER`; `UNSUPPORTED_DTYPE` for a structured type
 */
export function parseNpyHeader(text: string): NpyHeader {
  let at = 0;
  const invalid = (expected: string): never => {
    throw new WeightsError(
      'INVALID_HEADER',
      `decodeNpy: expected ${expected} at character ${at} of the header, got ${quote(text.slice(at, at + 20))}.`,
    );
  };
  const skip = () => {
    while (text[at] === ' ') at++;
  };
  const take = (token: string) => {
    skip();
    if (!text.startsWith(token, at)) invalid(quote(token));
    at += token.length;
  };
  const has = (token: string) => {
    skip();
    return text.startsWith(token, at);
  };
  const string = (): string => {
    skip();
    const match = /^(['"])([^'"\\\n]*)\1/.exec(text.slice(at, at + 200));
    if (match === null) return invalid('a string');
    at += match[0].length;
    return match[2] as string;
  };
  const descr = (): string => {
    if (!has('[')) return string();
    throw new WeightsError(
      'UNSUPPORTED_DTYPE',
      'decodeNpy: the array has a structured type (records with named fields). Save each field as a separate array.',
    );
  };
  const boolean = (): boolean => {
    for (const [word, value] of [
      ['True', true],
      ['False', false],
    ] as const) {
      if (has(word)) {
        take(word);
        return value;
      }
    }
    return invalid('True or False');
  };
  const tuple = (): number[] => {
    take('(');
    const sizes: number[] = [];
    let comma = true;
    while (!has(')')) {
      if (!comma) invalid("','");
      // Python 2 wrote long integers with an L.
      const match = /^(0|[1-9]\d{0,15})L?/.exec(text.slice(at, at + 18));
      if (match === null) return invalid('a size');
      if (sizes.length === MOST_AXES) invalid(`at most ${MOST_AXES} sizes`);
      at += match[0].length;
      sizes.push(Number(match[1]));
      comma = has(',');
      if (comma) take(',');
    }
    // (3) is a number in Python, not a tuple.
    if (sizes.length === 1 && !comma) invalid("','");
    take(')');
    return sizes;
  };

  const values: { descr?: string; fortran_order?: boolean; shape?: number[] } = {};
  take('{');
  let comma = true;
  while (!has('}')) {
    if (!comma) invalid("','");
    const start = at;
    const key = string();
    if (Object.hasOwn(values, key)) {
      at = start;
      invalid(`each key once`);
    }
    take(':');
    if (key === 'descr') values.descr = descr();
    else if (key === 'fortran_order') values.fortran_order = boolean();
    else if (key === 'shape') values.shape = tuple();
    else {
      at = start;
      invalid("'descr', 'fortran_order' or 'shape'");
    }
    comma = has(',');
    if (comma) take(',');
  }
  take('}');
  if (!/^ *\n?$/.test(text.slice(at))) invalid('the end of the header');
  const { descr: dtype, fortran_order: fortranOrder, shape } = values;
  if (dtype === undefined || fortranOrder === undefined || shape === undefined) {
    return invalid("all of 'descr', 'fortran_order' and 'shape'");
  }
  return { descr: dtype, fortranOrder, shape };
}
