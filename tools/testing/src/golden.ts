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

/** The vectors of the Ladder on its own, `model/ladder-alone`. */
export interface GoldenLadder {
  readonly config: {
    readonly sizes: readonly [number, ...number[]];
    readonly gate: 'linear';
    readonly costWeights: readonly number[];
    readonly norm: 'batch';
  };
  readonly inputs: {
    readonly labelled: GoldenTensor;
    readonly labels: readonly number[];
    readonly unlabelled: GoldenTensor;
    readonly noise: { readonly labelled: readonly GoldenTensor[]; readonly unlabelled: readonly GoldenTensor[] };
  };
  readonly parameters: Readonly<Record<string, GoldenTensor>>;
  readonly expected: {
    readonly corruptedPosterior: GoldenTensor;
    readonly cleanPosterior: GoldenTensor;
    readonly classificationCost: number;
    readonly denoisingCosts: readonly number[];
    readonly cost: number;
    readonly gradients: Readonly<Record<string, GoldenTensor>>;
  };
}
