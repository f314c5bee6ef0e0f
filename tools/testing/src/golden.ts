import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../golden', import.meta.url));

/** A tensor of a golden file, row-major. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** Names of the golden Taggers, such as `bitflip-layer-sigmoid`. */
export const goldenTaggers: readonly string[] = readdirSync(join(folder, 'model'))
  .filter((name) => name.endsWith('.json') && name !== 'ladder-alone.json')
  .map((name) => name.slice(0, -'.json'.length));

/** Reads a golden file, such as `clustering`, `shapes` or `model/ladder-alone`. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T;
}
