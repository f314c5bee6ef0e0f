import { CliError } from '../errors';
import type { PlannedRun } from './sweep-folder';

const MOST_RUNS = 10_000;

/**
 * Parses seeds: `0..19`, `0,3,7`, `5`, or a combination separated by commas.
 *
 * @throws CliError `USAGE`
 */
export function parseSeeds(text: string): number[] {
  const seeds = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(part.trim());
    const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (match === null || last < first) {
      throw new CliError('USAGE', `--seeds takes numbers such as 0..19 or 0,3,7, not '${text}'.`);
    }
    if (last - first >= MOST_RUNS)
      throw new CliError('USAGE', `--seeds gives more than ${MOST_RUNS} seeds. Give fewer.`);
    for (let seed = first; seed <= last; seed++) seeds.add(seed);
  }
  return [...seeds];
}

/** Splits a list, `a,b`, except at commas within brackets, braces and quotes. */
export function splitValues(text: string): string[] {
  const values: string[] = [];
  let [depth, quoted, start] = [0, false, 0];
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '"' && text[i - 1] !== '\\') quoted = !quoted;
    if (quoted) continue;
    if ('[{'.includes(character)) depth++;
    if (']}'.includes(character)) depth--;
    if (character === ',' && depth === 0) {
      values.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...values, text.slice(start)];
}

/**
 * Plans a run for every combination of values and seeds, in the order of the values.
 *
 * @param lists values by recipe path, as on the command line: `{ 'training.batchSize': '50,100' }`
 * @throws CliError `USAGE` if there are too many runs
 */
export function planRuns(seeds: readonly number[], lists: Readonly<Record<string, string>>): PlannedRun[] {
  let combinations: Record<string, string>[] = [{}];
  for (const [path, list] of Object.entries(lists)) {
    const values = splitValues(list);
    if (combinations.length * values.length * seeds.length > MOST_RUNS) {
      throw new CliError('USAGE', `The sweep would have more than ${MOST_RUNS} runs. Give fewer values or seeds.`);
    }
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [path]: value })));
  }
  const several = Object.keys(lists).filter((path) => splitValues(lists[path] as string).length > 1);
  const planned = combinations.flatMap((settings) => seeds.map((seed) => ({ seed, settings })));
  const digits = String(planned.length - 1).length;
  return planned.map(({ seed, settings }, i) => {
    const words = several.map((path) =>
      `${path.split('.').at(-1)}=${settings[path]}`.replaceAll(/[^\w.=-]+/g, '_').slice(0, 40),
    );
    // The number makes names unique and keeps the folders in order.
    return { name: [String(i).padStart(digits, '0'), ...words, `seed=${seed}`].join('-'), seed, settings };
  });
}
