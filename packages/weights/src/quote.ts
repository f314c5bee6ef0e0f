const LONGEST = 80;

/** Quotes a name of a file for a message: escaped, and cut if it is long. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
