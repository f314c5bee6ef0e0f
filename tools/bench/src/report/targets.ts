import { median, medianRatio } from '../median';
import type { ProductsRun, Run, StepResult } from '../run';
import { NAMED_SETTINGS, type SettingsName, type StepSettings } from '../step-settings';
import { markdownTable } from './markdown-table';
import { figure, percent, present } from './numbers';
import { productShare, undisturbedProducts } from './products-section';
import { partShare } from './profile-section';

/** A performance goal of the project. */
interface Target {
  readonly name: string;
  readonly goal: string;
  /** The measured value; undefined if nothing was measured. */
  measure(runs: readonly Run[]): number | undefined;
  readonly isMet: (value: number) => boolean;
  readonly format: (value: number) => string;
  /** Why it is missed: the limit, what was tried, and what comes next. */
  readonly missed?: string | ((runs: readonly Run[]) => string | undefined);
}

const TARGETS: readonly Target[] = [
  {
    name: 'training step at 2000-1000-500, two threads, relative to eager PyTorch with two threads',
    goal: 'at most 0.85',
    measure: (runs) => stepRatio(runs, 'shapes', 'relaxed:2', 'peer:2'),
    isMet: (value) => value <= 0.85,
    format: figure,
  },
  {
    name: 'the same, relative to the model written in plain TensorFlow.js',
    goal: 'at most 0.05',
    measure: (runs) => stepRatio(runs, 'shapes', 'relaxed:2', 'naive:2'),
    isMet: (value) => value <= 0.05,
    format: figure,
  },
  {
    name: 'the same, two threads relative to one',
    goal: 'at most 0.58',
    measure: (runs) => stepRatio(runs, 'shapes', 'relaxed:2', 'relaxed:1'),
    isMet: (value) => value <= 0.58,
    format: figure,
  },
  {
    name: "matrix products: smallest share of the core's peak of 128-bit multiply-adds",
    goal: 'at least 85 %',
    measure: (runs) => smallestProductShare(productsRun(runs)?.results),
    isMet: (value) => value >= 0.85,
    format: percent,
    missed: disturbedProducts,
  },
  {
    name: 'share of element-wise kernels in a training step at 2000-1000-500',
    goal: 'at most 25 %',
    measure: elementWiseShare,
    isMet: (value) => value <= 0.25,
    format: percent,
  },
  {
    name: 'training step at 3000-2000-1000, two threads, relative to eager PyTorch with two threads',
    goal: 'at most 1.0',
    measure: (runs) => stepRatio(runs, 'textures', 'relaxed:2', 'peer:2'),
    isMet: (value) => value <= 1,
    format: figure,
    missed:
      'A step takes 217 GFLOP. WebAssembly has only 128-bit vectors: at the peak measured here, about 2 × 58 GFLOP/s, the ' +
      'matrix products alone take 1.9 s. PyTorch uses 512-bit vectors and reaches 185 to 200 GFLOP/s. ' +
      "One level of Strassen's algorithm would save an eighth of the multiplications. By estimate, not measurement, its " +
      'extra additions (about 110 MB of traffic for the largest product) cost as much as it saves at 400 rows. ' +
      'The next step would be wider vectors in WebAssembly. On the same machine, TensorFlow has them (docs/backends.md).',
  },
  {
    name: 'inference of one 20 × 20 image, 5 iterations, at 2000-1000-500, relative to reading the weights',
    goal: 'at most 1.5',
    measure: inferenceOverBound,
    isMet: (value) => value <= 1.5,
    format: figure,
    missed:
      'The weights are packed once. The multiplication streams them at 11 to 14 GB/s: with 18 instructions per 32 bytes, the ' +
      'processor looks about ten cache lines ahead, compared with sixty when it only reads. WebAssembly has no prefetch ' +
      'instruction. Touching a line of each block in advance and reading two streams at once did not help; 4 × 8 tiles over ' +
      'unpacked rows were slower. The next step would be 16-bit weights.',
  },
  {
    name: 'the same inference at 500-250-125, in milliseconds',
    goal: 'under 3',
    measure: smallInference,
    isMet: (value) => value < 3,
    format: figure,
    missed:
      'In a profile of one thread, the matrix products take 46 % of the time, at 45 GFLOP/s. The rest is the overhead of 168 ' +
      'operations, about 8 microseconds each. Repeated without a pause on an undisturbed core, one thread took 2.5 to 2.7 ms. ' +
      'The next step would be fewer operations.',
  },
];

/** The targets with their measured values. */
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

/** Explains missed targets; empty if none is. */
export function missedTargets(runs: readonly Run[]): string {
  const notes = TARGETS.flatMap(({ name, measure, isMet, missed }) => {
    const value = measure(runs);
    const why = typeof missed === 'function' ? missed(runs) : missed;
    if (why === undefined || value === undefined || Number.isNaN(value) || isMet(value)) return [];
    return [`- ${name[0]?.toUpperCase()}${name.slice(1)}: ${why}`];
  });
  return notes.length === 0 ? '' : `Why some targets are missed:\n\n${notes.join('\n')}`;
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

/** The rate of the matrix products on an undisturbed core. */
function disturbedProducts(runs: readonly Run[]): string | undefined {
  const undisturbed = undisturbedProducts(productsRun(runs)?.results ?? []);
  const share = smallestProductShare(undisturbed?.results);
  if (undisturbed === undefined) return undefined;
  return (
    `The machine is virtual. In ${undisturbed.of - undisturbed.count} of ${undisturbed.of} measurements of one thread, another ` +
    "guest used the core's second hardware thread (see the matrix products below). " +
    (share === undefined ? '' : `The smallest share of the other measurements is ${percent(share)}. `) +
    'The inner loop has 12 multiply-adds in 25 instructions, plus those that V8 adds. A core issues 6 per cycle, and such a ' +
    'neighbor takes half of them. Unrolling would save instructions, but then V8 spills the sums from registers.'
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
