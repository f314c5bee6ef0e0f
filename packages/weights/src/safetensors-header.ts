import { WeightsError } from './errors';
import { quote } from './quote';

/*
 * The format, as of https://github.com/huggingface/safetensors: eight bytes, the length of the header, unsigned, low byte
 * first; the header, a JSON object in UTF-8 that starts with "{" and may be padded with spaces; the data.
 *
 *     { "__metadata__": { name: string, .. }, name: { "dtype": string, "shape": [..], "data_offsets": [begin, end] }, .. }
 */

/** The bytes of the header's length. */
export const PREFIX = 8;

/** Longer headers are refused, as in the reference implementation. */
export const LONGEST_HEADER = 100_000_000;

/** The member with the metadata strings. */
export const METADATA = '__metadata__';

/** A tensor in the header, not yet checked against the file. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A parsed header. */
export interface Header {
  readonly tensors: readonly TensorInfo[];
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a header strictly: exactly the form above, each name once. `JSON.parse` would silently accept
 * repeated names and give "__proto__" a meaning.
 *
 * @throws WeightsError `INVALID_HEADER`
 */
export function parseHeader(text: string): Header {
  const reader = new HeaderReader(text);
  const tensors: TensorInfo[] = [];
  const metadata = new Map<string, string>();

  reader.object((name) => {
    if (name === METADATA) {
      reader.object((key) => metadata.set(key, reader.string('a metadata string')));
    } else {
      tensors.push(readTensor(reader, name));
    }
  });
  reader.end();
  return { tensors, metadata };
}

function readTensor(reader: HeaderReader, name: string): TensorInfo {
  const fields: { dtype?: string; shape?: number[]; offsets?: number[] } = {};
  reader.object((key) => {
    if (key === 'dtype') fields.dtype = reader.string('a dtype');
    else if (key === 'shape') fields.shape = reader.integers();
    else if (key === 'data_offsets') fields.offsets = reader.integers();
    else reader.fail(`'dtype', 'shape' or 'data_offsets' in tensor ${quote(name)}, got ${quote(key)}`);
  });
  const { dtype, shape, offsets } = fields;
  const [begin, end, ...more] = offsets ?? [];
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined || more.length > 0) {
    reader.fail(`tensor ${quote(name)} to have a dtype, a shape and two data_offsets`);
  }
  return { name, dtype, shape, begin, end };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const ZERO = 0x30;
const NINE = 0x39;

/** Parses the subset of JSON that headers use. */
class HeaderReader {
  #at = 0;

  constructor(readonly text: string) {}

  /** Reads an object; `member` reads the value of each name. Names must be unique. */
  object(member: (name: string) => void): void {
    const names = new Set<string>();
    this.#expect(OPEN_BRACE, "'{'");
    if (this.#accept(CLOSE_BRACE)) return;
    do {
      const name = this.string('a name');
      if (names.has(name)) this.fail(`each name once, got ${quote(name)} twice`);
      names.add(name);
      this.#expect(COLON, "':'");
      member(name);
    } while (this.#accept(COMMA));
    this.#expect(CLOSE_BRACE, "',' or '}'");
  }

  /** Reads a string. */
  string(what: string): string {
    this.#expect(QUOTE, `${what} in double quotes`);
    const first = this.#at;
    let escaped = false;
    for (let code = this.#next(); code !== QUOTE; code = this.#next()) {
      if (code < 0x20) this.fail(`${what} without control characters`);
      if (code === BACKSLASH) {
        escaped = true;
        this.#next();
      }
    }
    const raw = this.text.slice(first, this.#at - 1);
    if (!escaped) return raw;
    let value: string;
    try {
      value = JSON.parse(`"${raw}"`) as string;
    } catch (cause) {
      this.fail(`${what} with valid escapes`, cause);
    }
    if (/\p{Surrogate}/u.test(value)) this.fail(`${what} of whole characters, got half a surrogate pair`);
    return value;
  }

  /** Reads an array of integers in [0, 2^53). */
  integers(): number[] {
    const values: number[] = [];
    this.#expect(OPEN_BRACKET, "'['");
    if (this.#accept(CLOSE_BRACKET)) return values;
    do values.push(this.#integer());
    while (this.#accept(COMMA));
    this.#expect(CLOSE_BRACKET, "',' or ']'");
    return values;
  }

  /** Expects nothing but white space up to the end. */
  end(): void {
    this.#skipSpace();
    if (this.#at < this.text.length) this.fail('nothing but spaces after the closing brace');
  }

  /** Throws: expected what, at which character. */
  fail(expected: string, cause?: unknown): never {
    throw new WeightsError(
      'INVALID_HEADER',
      `decodeSafetensors: expected ${expected}, at character ${this.#at} of the header.`,
      cause === undefined ? undefined : { cause },
    );
  }

  #integer(): number {
    this.#skipSpace();
    const first = this.#at;
    let value = 0;
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (!(code >= ZERO && code <= NINE)) break;
      value = value * 10 + (code - ZERO);
      if (value > Number.MAX_SAFE_INTEGER) this.fail('an integer below 2^53');
      this.#at++;
      if (value === 0) break; // no leading zeros
    }
    if (this.#at === first) this.fail('an integer of at least 0');
    return value;
  }

  #next(): number {
    if (this.#at >= this.text.length) this.fail('the string to end');
    return this.text.charCodeAt(this.#at++);
  }

  #accept(code: number): boolean {
    this.#skipSpace();
    if (this.text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #expect(code: number, what: string): void {
    if (!this.#accept(code)) this.fail(what);
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }
}
