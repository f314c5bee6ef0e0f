import { median, medianRatio } from '../median';
import type { ProductsRun, Run, StepResult } from '../run';
import { NAMED_SETTINGS, type SettingsName, type StepSettings } from '../step-settings';
import { markdownTable } from './markdown-table';
import { figure, percent, present } from './numbers';
import { productShare, undisturbedProducts } from './products-section';
import { partShare } from './profile-section';

/** A figure that the project wants to reach. */
interface Target {
  readonly name: string;
  readonly goal: string;
  /** What was measured; undefined where nothing was. */
  measure(runs: readonly Run[]): number | undefined;
  readonly isMet: (value: number) => boolean;
  readonly format: (value: number) => string;
  /** Why it is missed where it is: what bounds it, what was tried, what would be next. */
  readonly missed?: string | ((runs: readonly Run[]) => string | undefined);
}

const TARGETS: readonly Target[] = [
  {
    name: 'step at 2000-1000-500, two threads, over eager PyTorch with two threads',
    goal: 'at most 0.85',
    measure: (runs) => stepRatio(runs, 'shapes', 'relaxed:2', 'peer:2'),
    isMet: (value) => value <= 0.85,
    format: figure,
  },
  {
    name: 'the same over the naive composition of tfjs',
    goal: 'at most 0.05',
    measure: (runs) => stepRatio(runs, 'shapes', 'relaxed:2', 'naive:2'),
    isMet: (value) => value <= 0.05,
    format: figure,
  },
  {
    name: 'two threads over one',
    goal: 'at most 0.58',
    measure: (runs) => stepRatio(runs, 'shapes', 'relaxed:2', 'relaxed:1'),
    isMet: (value) => value <= 0.58,
    format: figure,
  },
  {
    name: "matrix products' share of the core's limit of 128-bit multiply-adds, the least of all",
    goal: 'at least 85 %',
    measure: (runs) => smallestProductShare(productsRun(runs)?.results),
    isMet: (value) => value >= 0.85,
    format: percent,
    missed: disturbedProducts,
  },
  {
    name: 'element-wise share of a step at 2000-1000-500',
    goal: 'at most 25 %',
    measure: elementWiseShare,
    isMet: (value) => value <= 0.25,
    format: percent,
  },
  {
    name: 'step at 3000-2000-1000, two threads, over eager PyTorch with two threads',
    goal: 'at most 1.0',
    measure: (runs) => stepRatio(runs, 'textures', 'relaxed:2', 'peer:2'),
    isMet: (value) => value <= 1,
    format: figure,
    missed:
      'A step there is 217 GFLOP. Vectors of 128 bits are all that WebAssembly has: at the limit of two cores measured here, ' +
      "some 2 × 58 GFLOP/s, the products alone take 1.9 s. PyTorch's use vectors of 512 bits and reach 185 to 200 GFLOP/s. " +
      "A level of Strassen's algorithm would multiply an eighth less, but with 400 rows the additions of quarters of the weights " +
      '(some 110 MB of traffic for the largest product) would take about the time that it saves (reckoned, not measured). ' +
      'Next would be wider vectors in WebAssembly; on the same machine TensorFlow (docs/backends.md) has them.',
  },
  {
    name: 'inference of one 20 × 20 image, 5 iterations, at 2000-1000-500, over reading the weights',
    goal: 'at most 1.5',
    measure: inferenceOverBound,
    isMet: (value) => value <= 1.5,
    format: figure,
    missed:
      'Weights are packed once and kept so; read so from beginning to end, they come at 11 to 14 GB/s, for the processor ' +
      'looks no more than ten cache lines ahead of the multiplications (18 instructions for 32 bytes), where only reading ' +
      'looks sixty ahead. WebAssembly has no instruction to fetch ahead. Tried without gain: reading a line of each block ' +
      'before it is multiplied; two streams in the place of one; before packing, tiles of 4 × 8 over rows as they lie, which ' +
      'are slower than either. Next would be weights of 16 bits.',
  },
  {
    name: 'the same at 500-250-125, milliseconds',
    goal: 'under 3',
    measure: smallInference,
    isMet: (value) => value < 3,
    format: figure,
    missed:
      'In a profile of one thread, 46 % of the time is in the products, at 45 GFLOP/s; the rest is what 168 operations cost, ' +
      'some 8 microseconds each. Over and over without a pause, on a core that was ours alone, it took 2.5 to 2.7 ms on one ' +
      'thread. Next would be fewer operations.',
  },
];

/** The targets, what was measured, and whether they are met. */
export function targetsTable(runs: readonly Run[]): string {
  const rows = TARGETS.map(({ name, goal, measure, isMet, format }) => {
    const value = measure(runs);
    if (value === undefined || Number.isNaN(value)) return [name, goal, 'not measured', '–'];
    return [name, goal, format(value), isMet(value) ? 'yes' : 'no'];
  });
  return markdownTable(
    [{ heading: 'what' }, { heading: 'target' }, { heading: 'measured', numeric: true }, { heading: 'met' }],
    rows,
  );
}

/** Of the targets that are missed, why; nothing where none is. */
export function missedTargets(runs: readonly Run[]): string {
  const notes = TARGETS.flatMap(({ name, measure, isMet, missed }) => {
    const value = measure(runs);
    const why = typeof missed === 'function' ? missed(runs) : missed;
    if (why === undefined || value === undefined || Number.isNaN(value) || isMet(value)) return [];
    return [`- ${name[0]?.toUpperCase()}${name.slice(1)}: ${why}`];
  });
  return notes.length === 0 ? '' : `What is missed, and why:\n\n${notes.join('\n')}`;
}

/** The last run of a command with the sizes of named settings. */
function findRun<C extends Run['command']>(runs: readonly Run[], command: C, name: SettingsName) {
  const isSame = ({ sizes, inputSize }: StepSettings) =>
    sizes.join() === NAMED_SETTINGS[name].sizes.join() && inputSize === NAMED_SETTINGS[name].inputSize;
  type Found = Extract<Run, { command: C }>;
  return runs.filter((run): run is Found => run.command === command && isSame(run.settings)).at(-1);
}

/** A contestant as `relaxed:2`; `peer:2` is the first peer with two threads. */
function findResult(results: readonly StepResult[], contestant: string): StepResult | undefined {
  const [name = '', threads] = contestant.split(':');
  return results.find(
    (result) => result.threads === Number(threads) && (result.name === name || result.name.startsWith(`${name} `)),
  );
}

function stepRatio(runs: readonly Run[], name: SettingsName, a: string, b: string): number | undefined {
  const results = findRun(runs, 'steps', name)?.results ?? [];
  const [first, second] = [findResult(results, a), findResult(results, b)];
  return first && second && medianRatio(first.milliseconds, second.milliseconds);
}

function productsRun(runs: readonly Run[]): ProductsRun | undefined {
  return findRun(runs, 'products', 'shapes');
}

function smallestProductShare(results: ProductsRun['results'] = []): number | undefined {
  const shares = results
    .flatMap((product) =>
      product.entries
        .filter(({ name, threads }) => name === 'relaxed' && threads === 1)
        .map((entry) => productShare(product, entry)),
    )
    .filter((share) => !Number.isNaN(share));
  return shares.length === 0 ? undefined : Math.min(...shares);
}

/** What the products reach where the core is theirs alone. */
function disturbedProducts(runs: readonly Run[]): string | undefined {
  const undisturbed = undisturbedProducts(productsRun(runs)?.results ?? []);
  const share = smallestProductShare(undisturbed?.results);
  if (undisturbed === undefined) return undefined;
  return (
    `The machine is a virtual one, and in ${undisturbed.of - undisturbed.count} of ${undisturbed.of} measurements of one thread somebody ` +
    "else was at work on the core's other hardware thread (see the products below). " +
    (share === undefined ? '' : `Of the other measurements, the least share is ${percent(share)}. `) +
    'The inner loop is 12 multiply-adds among 25 instructions and those that V8 adds; a core has places for 6 in a cycle, and ' +
    'such a neighbor takes half of them. Unrolled, which would save instructions, V8 keeps too few sums in registers.'
  );
}

function elementWiseShare(runs: readonly Run[]): number | undefined {
  const results = findRun(runs, 'profile', 'shapes')?.results;
  const result = results?.find(({ name, threads }) => name === 'relaxed' && threads === 2);
  return result && partShare(result.parts, 'elementWise');
}

function inferenceOverBound(runs: readonly Run[]): number | undefined {
  const run = findRun(runs, 'inference', 'shapes');
  const result = run && findResult(run.results, 'relaxed:2');
  const bound = run?.bounds.find(({ threads }) => threads === 2);
  return result && bound && medianRatio(result.milliseconds, bound.milliseconds);
}

function smallInference(runs: readonly Run[]): number | undefined {
  const run = findRun(runs, 'inference', 'small');
  const result = run && findResult(run.results, 'relaxed:2');
  return result && median(present(result.milliseconds));
}
