import { relative } from 'node:path';

/** A path as the user would type it: relative to the working folder if it is inside, otherwise unchanged. */
export function shown(path: string): string {
  const from = relative(process.cwd(), path);
  if (from === '') return '.';
  return from.startsWith('..') ? path : from;
}
