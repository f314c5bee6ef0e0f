const LONGEST = 80;

/** A name out of a file, quoted for a message: escaped, and cut where it is long. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
