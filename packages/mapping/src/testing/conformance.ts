import {
  assignTree,
  explainMissingGradient,
  readTree,
  sameShape,
  type Component,
  type ComponentConfig,
  type Statistics,
  type TensorTree,
  type TensorValue,
  type TreeValues,
} from '@taggerjs/nn';
import { createRandom, type Random } from '@taggerjs/random';
import * as tf from '@tensorflow/tfjs-core';

import type { ComponentRegistries } from '../registry/component-registries';
import type { CoreContext } from '../contracts/core';

/** Options of both `checkCore` and `checkMapping`. */
export interface ConformanceOptions {
  /** Further cores and mappings for the component's JSON, in addition to those of this package. @default {} */
  readonly registries?: ComponentRegistries;
  /**
   * Whether the results of each row must be independent of the other rows: true with layer normalization, false with batch
   * statistics and if groups see each other.
   *
   * @default false
   */
  readonly rowsIndependent?: boolean;
  /** Number of groups K, at least 2. @default 3 */
  readonly groups?: number;
  /** Number of examples B, at least 2. @default 4 */
  readonly batch?: number;
  /** Number of iterations of the TAG loop. @default 2 */
  readonly iterations?: number;
  /** Largest difference of equal results, relative to the largest value, in addition to 1e-6. @default 1e-4 */
  readonly tolerance?: number;
}

/** The rules, in the order in which they are checked. */
const RULES = {
  outputs: 'its outputs have the right shapes and are finite, for any K and B',
  config: 'its config is plain JSON that recreates it',
  initialValues: 'the same random numbers give the same initial values, in new variables',
  trees: 'parameters() and state() are separate variables, the same at every call',
  determinism: 'the same call gives the same result and changes nothing',
  permutations: 'permuted groups or examples give permuted results',
  rows: 'the results of a row do not depend on the other rows',
  gradients: 'gradients are finite and reach every parameter and the input',
  statistics: "calibrated on one batch, it gives the results of the batch's statistics",
  calibration: 'after calibration, each example has its own results',
  saving: 'saved values restore it',
  memory: 'it leaves no tensor behind',
} as const;

/** A rule of the conformance kit; see `checkMapping`. */
export type ConformanceRule = keyof typeof RULES;

/** A core or mapping breaks a rule of its contract. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';

  /**
   * @param rule the broken rule
   * @param message names the component and says how it breaks the rule
   * @param options `cause`: the underlying error
   */
  constructor(
    readonly rule: ConformanceRule,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What cores and mappings have in common. */
interface Part {
  parameters(): TensorTree;
  state(): TensorTree;
  prepareState?(names: Readonly<Record<string, readonly number[]>>): void;
  dispose(): void;
  apply(input: tf.Tensor2D, context: CoreContext): object;
}

/** A component to check, and how to call what it creates. */
export interface Subject<Environment> {
  /** Prefix of all messages. */
  readonly label: string;
  readonly component: Component<Part, Environment>;
  resolve(config: ComponentConfig): Component<Part, Environment>;
  environment(random: Random): Environment;
  /** Columns of the input. */
  readonly columns: number;
  /** Columns of the outputs, by name. */
  readonly outputs: Readonly<Record<string, number>>;
}

type Values = Record<string, TensorValue>;

/** Rows of input, group-major [K*B, columns]. */
interface Rows {
  readonly data: Float32Array;
  readonly groups: number;
  readonly batch: number;
}

/** Checks all rules on a component; throws {@link ConformanceError} for the first broken one. */
export async function checkConformance<Environment>(
  subject: Subject<Environment>,
  { rowsIndependent = false, groups = 3, batch = 4, iterations = 2, tolerance = 1e-4 }: ConformanceOptions,
): Promise<void> {
  const { label } = subject;
  if (groups < 2 || batch < 2) throw new Error(`${label}: groups and batch must be at least 2, to distinguish rows`);
  if (tf.getBackend() === undefined) throw new Error(`${label}: set a TensorFlow.js backend first`);
  const check = new Conformance(subject, { groups, batch, iterations, tolerance });
  for (const [rule, statement] of Object.entries(RULES) as [ConformanceRule, string][]) {
    if (rule === 'rows' && !rowsIndependent) continue;
    try {
      await check[rule]();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConformanceError(rule, `${label}: broken rule: ${statement}. ${reason}`, { cause });
    }
  }
}

class Conformance<Environment> {
  readonly #subject: Subject<Environment>;
  readonly #size: { readonly groups: number; readonly batch: number };
  readonly #iterations: number;
  readonly #tolerance: number;
  readonly #random = createRandom('conformance');

  constructor(
    subject: Subject<Environment>,
    options: Required<Pick<ConformanceOptions, 'groups' | 'batch' | 'iterations' | 'tolerance'>>,
  ) {
    this.#subject = subject;
    this.#size = { groups: options.groups, batch: options.batch };
    this.#iterations = options.iterations;
    this.#tolerance = options.tolerance;
  }

  async config(): Promise<void> {
    const { component, resolve } = this.#subject;
    const { config } = component;
    const json = JSON.parse(JSON.stringify(config)) as ComponentConfig;
    if (typeof config?.type !== 'string') throw new Error('config.type must be a string');
    if (!sameJson(config, json)) {
      throw new Error(`As JSON its config becomes ${JSON.stringify(json)}: it may contain only JSON values`);
    }
    const rebuilt = resolve(json);
    if (!sameJson(rebuilt.config, json)) {
      throw new Error(
        `Resolving ${JSON.stringify(json)} gives a component with the config ${JSON.stringify(rebuilt.config)}`,
      );
    }
    await this.#with(component, async (original) => {
      await this.#with(rebuilt, async (copy) => {
        const difference = layoutDifference(copy.parameters(), shapesOf(original.parameters()));
        if (difference !== undefined) throw new Error(`Recreated from its JSON, it differs: parameter ${difference}`);
        const rows = this.#rows(this.#size);
        this.#expectSame(
          await this.#run(copy, rows),
          await this.#run(original, rows),
          'Recreated from its JSON, it gives other results: ',
        );
      });
    });
    if (!sameJson(config, json)) throw new Error('create changed its config');
  }

  async initialValues(): Promise<void> {
    const { component } = this.#subject;
    await this.#with(component, async (one) => {
      await this.#with(component, async (two) => {
        const [a, b] = [one.parameters(), two.parameters()];
        for (const [name, variable] of Object.entries(a)) {
          if (b[name] === variable) throw new Error(`Two instances share the parameter '${name}'`);
        }
        const [first, second] = [await readTree(a), await readTree(b)];
        for (const [name, { data }] of Object.entries(first)) {
          const other = second[name]?.data;
          if (other === undefined || data.some((value, i) => !Object.is(value, other[i]))) {
            throw new Error(
              `The parameter '${name}' has different initial values when recreated from the same random numbers`,
            );
          }
          if (data.some((value) => !Number.isFinite(value))) throw new Error(`The parameter '${name}' is not finite`);
        }
      });
    });
  }

  async trees(): Promise<void> {
    await this.#with(this.#subject.component, async (part) => {
      const parameters = { ...part.parameters() };
      const state = { ...part.state() };
      expectTrees(parameters, state);
      await this.#run(part, this.#rows(this.#size));
      for (const [which, before, after] of [
        ['parameters()', parameters, part.parameters()],
        ['state()', state, part.state()],
      ] as const) {
        const names = new Set([...Object.keys(before), ...Object.keys(after)]);
        for (const name of names) {
          if (before[name] !== after[name]) throw new Error(`A call replaces '${name}' of ${which}`);
        }
      }
    });
  }

  async outputs(): Promise<void> {
    const { groups, batch } = this.#size;
    await this.#with(this.#subject.component, async (part) => {
      let names: string | undefined;
      for (const size of [
        this.#size,
        { groups: 1, batch },
        { groups: groups + 2, batch: 1 },
        { groups: 1, batch: 1 },
      ]) {
        // Also an iteration beyond those of training: T may be larger at test time.
        for (const iteration of [0, this.#iterations + 3]) {
          const values = await this.#run(part, this.#rows(size), { iteration });
          const present = Object.keys(values).sort().join(', ');
          names ??= present;
          if (present !== names) throw new Error(`It returns ${names} in one call and ${present} in another`);
        }
      }
    });
  }

  async determinism(): Promise<void> {
    await this.#with(this.#subject.component, async (part) => {
      const rows = this.#rows(this.#size);
      for (const training of [true, false]) {
        const before = { ...(await readTree(part.parameters())), ...(await readTree(part.state())) };
        const first = await this.#run(part, rows, { training });
        await this.#run(part, this.#rows(this.#size, 'others'), { training, iteration: 1 });
        const second = await this.#run(part, rows, { training });
        this.#expectSame(second, first, 'Called again with the same input: ');
        const after = { ...(await readTree(part.parameters())), ...(await readTree(part.state())) };
        for (const [name, { data }] of Object.entries(before)) {
          if (data.some((value, i) => !Object.is(value, after[name]?.data[i]))) {
            throw new Error(`A call with statistics 'batch' changed '${name}'`);
          }
        }
      }
    });
  }

  async permutations(): Promise<void> {
    const { groups, batch } = this.#size;
    const range = (count: number) => Array.from({ length: count }, (_, i) => i);
    await this.#with(this.#subject.component, async (part) => {
      await this.#perturb(part);
      const rows = this.#rows(this.#size);
      const straight = await this.#run(part, rows);
      for (const [what, groupOrder, exampleOrder] of [
        ['groups', range(groups).map((k) => (k + 1) % groups), range(batch)],
        ['examples', range(groups), range(batch).map((b) => (b + 1) % batch)],
      ] as const) {
        // Row k*B + b of the permuted input is row order(k)*B + order(b).
        const order = groupOrder.flatMap((k) => exampleOrder.map((b) => k * batch + b));
        const permuted = await this.#run(part, { ...rows, data: takeRows(rows.data, this.#subject.columns, order) });
        this.#expectSame(
          permuted,
          mapValues(straight, (value) => takeValue(value, order)),
          `With permuted ${what} (rows are group-major, row k*B + b is group k of example b): `,
        );
      }
    });
  }

  async rows(): Promise<void> {
    await this.#with(this.#subject.component, async (part) => {
      await this.#perturb(part);
      const rows = this.#rows(this.#size);
      const together = await this.#run(part, rows);
      for (let row = 0; row < rows.groups * rows.batch; row++) {
        const data = takeRows(rows.data, this.#subject.columns, [row]);
        this.#expectSame(
          await this.#run(part, { data, groups: 1, batch: 1 }),
          mapValues(together, (value) => takeValue(value, [row])),
          `Row ${row} alone: `,
        );
      }
    });
  }

  async gradients(): Promise<void> {
    await this.#with(this.#subject.component, async (part) => {
      // At the initial values gradients need only be finite: initial zeros may block some of them.
      await this.#gradients(part);
      // Elsewhere every trained parameter must have an effect.
      await this.#perturb(part);
      const reached = await this.#gradients(part);
      const names = Object.keys(part.parameters());
      const unreached = names.filter((name) => !reached.has(name));
      if (unreached.length > 0) {
        throw new Error(
          `The gradients of ${unreached.map((name) => `'${name}'`).join(', ')} are zero: no output depends on them, or ` +
            'an operation on the way has no gradient',
        );
      }
      if (!reached.has(INPUT)) throw new Error('The gradient of the input is zero, so earlier iterations cannot learn');
    });
  }

  async statistics(): Promise<void> {
    await this.#with(this.#subject.component, async (part) => {
      await this.#perturb(part);
      // Different rows at each iteration reveal statistics that are mixed up among iterations or layers.
      const iterations = Array.from({ length: this.#iterations }, (_, iteration) => ({
        iteration,
        rows: this.#rows(this.#size, `rows of iteration ${iteration}`),
      }));
      for (const { iteration, rows } of iterations) {
        await this.#run(part, rows, { iteration, statistics: 'calibrate' });
      }
      for (const { iteration, rows } of iterations) {
        this.#expectSame(
          await this.#run(part, rows, { iteration, statistics: 'calibrated' }),
          await this.#run(part, rows, { iteration }),
          `At iteration ${iteration}, with statistics 'calibrated' of these very rows: `,
        );
      }
    });
  }

  async calibration(): Promise<void> {
    await this.#with(this.#subject.component, async (part) => {
      await this.#perturb(part);
      const { groups, batch } = this.#size;
      try {
        await this.#run(part, this.#rows(this.#size), { statistics: 'calibrated' });
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'NOT_CALIBRATED') {
          throw new Error(
            `Before calibration, statistics 'calibrated' must work or throw a TaggerError 'NOT_CALIBRATED', not ` +
              `${error instanceof Error ? error.message : String(error)}`,
            { cause: error },
          );
        }
      }
      await this.#calibrate(part);
      expectTrees(part.parameters(), part.state());
      const before = await readTree(part.state());
      for (let iteration = 0; iteration < this.#iterations; iteration++) {
        const rows = this.#rows(this.#size);
        const together = await this.#run(part, rows, { iteration, statistics: 'calibrated' });
        for (let b = 0; b < batch; b++) {
          const own = Array.from({ length: groups }, (_, k) => k * batch + b);
          const data = takeRows(rows.data, this.#subject.columns, own);
          this.#expectSame(
            await this.#run(part, { data, groups, batch: 1 }, { iteration, statistics: 'calibrated' }),
            mapValues(together, (value) => takeValue(value, own)),
            `With statistics 'calibrated' at iteration ${iteration}, example ${b} alone: `,
          );
        }
      }
      this.#expectSame(await readTree(part.state()), before, "Calls with statistics 'calibrated' change the state: ");
    });
  }

  async saving(): Promise<void> {
    const { component, resolve } = this.#subject;
    const rebuilt = resolve(JSON.parse(JSON.stringify(component.config)) as ComponentConfig);
    await this.#with(component, async (part) => {
      await this.#perturb(part);
      await this.#calibrate(part);
      const saved = { parameters: await readTree(part.parameters()), state: await readTree(part.state()) };
      await this.#with(
        rebuilt,
        async (copy) => {
          const initialState = Object.keys(copy.state()).sort().join(', ');
          assignTree(copy.parameters(), saved.parameters);
          copy.prepareState?.(mapValues(saved.state, ({ shape }) => shape));
          const difference = layoutDifference(
            copy.state(),
            mapValues(saved.state, ({ shape }) => shape),
          );
          if (difference !== undefined) {
            throw new Error(`After prepareState with the names of a calibrated state, state ${difference}`);
          }
          assignTree(copy.state(), saved.state);
          const rows = this.#rows(this.#size);
          for (const statistics of ['batch', 'calibrated'] as const) {
            for (let iteration = 0; iteration < this.#iterations; iteration++) {
              this.#expectSame(
                await this.#run(copy, rows, { iteration, statistics }),
                await this.#run(part, rows, { iteration, statistics }),
                `Restored, at iteration ${iteration} with statistics '${statistics}': `,
              );
            }
          }
          copy.prepareState?.({});
          const forgotten = Object.keys(copy.state()).sort().join(', ');
          if (forgotten !== initialState) {
            throw new Error(
              `After prepareState({}), the state must be that of a new instance, '${initialState}', not '${forgotten}'`,
            );
          }
        },
        'another seed',
      );
    });
  }

  async memory(): Promise<void> {
    const before = tf.memory().numTensors;
    await this.#with(this.#subject.component, async (part) => {
      const rows = this.#rows(this.#size);
      const steps: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
        ["A call with statistics 'batch'", () => this.#run(part, rows)],
        ['A gradient', () => this.#gradients(part)],
        ["A call with statistics 'calibrate', repeated,", () => this.#calibrate(part)],
        ["A call with statistics 'calibrated'", () => this.#run(part, rows, { statistics: 'calibrated' })],
      ];
      for (const [name, run] of steps) {
        // What the first call makes may be kept, as state is; what every call makes is a leak.
        await run();
        const { numTensors } = tf.memory();
        await run();
        const left = tf.memory().numTensors - numTensors;
        if (left !== 0) throw new Error(`${name} leaves ${left} tensors`);
      }
    });
    const left = tf.memory().numTensors - before;
    if (left !== 0) throw new Error(`dispose() leaves ${left} tensors`);
  }

  /** Makes a part, uses it, and disposes it, come what may. */
  async #with(
    component: Component<Part, Environment>,
    use: (part: Part) => Promise<void>,
    seed: string = 'parameters',
  ): Promise<void> {
    const part = component.create(this.#subject.environment(this.#random.fork(seed)));
    try {
      await use(part);
    } finally {
      part.dispose();
    }
  }

  #rows({ groups, batch }: { readonly groups: number; readonly batch: number }, label = 'input'): Rows {
    return { data: this.#random.fork(label).normal(groups * batch * this.#subject.columns), groups, batch };
  }

  #context({ groups }: Rows, context: Partial<CoreContext>): CoreContext {
    const random = this.#random.fork('call');
    return { iteration: 0, training: false, statistics: 'batch' satisfies Statistics, groups, random, ...context };
  }

  /** One call: its outputs as plain values, after the checks that every call has to pass. */
  async #run(part: Part, rows: Rows, context: Partial<CoreContext> = {}): Promise<Values> {
    const count = rows.groups * rows.batch;
    const where = `With K = ${rows.groups} and B = ${rows.batch}: `;
    const input = tf.tensor2d(rows.data.slice(), [count, this.#subject.columns], 'float32');
    let outputs: Record<string, tf.Tensor> = {};
    try {
      outputs = present(part.apply(input, this.#context(rows, context)));
      const values: Values = {};
      for (const [name, output] of Object.entries(outputs)) {
        if (!(output instanceof tf.Tensor)) throw new Error(`${where}'${name}' is not a tensor`);
        if (output.isDisposed) throw new Error(`${where}'${name}' is already disposed`);
        values[name] = { shape: output.shape, data: Float32Array.from((await output.data()) as Float32Array) };
        if (output.dtype !== 'float32') throw new Error(`${where}'${name}' is ${output.dtype}, not float32`);
      }
      this.#expectOutputs(values, count, where);
      expectOwn(outputs, input, part);
      if (input.isDisposed) throw new Error(`${where}it disposes of its input, which belongs to the caller`);
      const after = await input.data();
      if (rows.data.some((value, i) => value !== after[i])) throw new Error(`${where}it changes its input`);
      return values;
    } finally {
      tf.dispose(outputs);
      input.dispose();
    }
  }

  #expectOutputs(values: Values, rows: number, where: string): void {
    const { outputs } = this.#subject;
    for (const name of Object.keys(values)) {
      if (!(name in outputs) && name !== 'classProbabilities') throw new Error(`${where}missing output '${name}'`);
    }
    for (const [name, columns] of Object.entries(outputs)) {
      const shape = values[name]?.shape;
      if (shape === undefined) throw new Error(`${where}the output '${name}' is missing`);
      if (!sameShape(shape, [rows, columns])) {
        throw new Error(`${where}'${name}' has shape [${shape}], not [${rows}, ${columns}]`);
      }
    }
    for (const [name, { data }] of Object.entries(values)) {
      const wrong = data.find((value) => !Number.isFinite(value));
      if (wrong !== undefined) throw new Error(`${where}'${name}' contains ${wrong}`);
    }
    const classes = values['classProbabilities'];
    if (classes === undefined) return;
    const [count, size = 0] = classes.shape;
    if (classes.shape.length !== 2 || count !== rows || size < 2) {
      throw new Error(`${where}'classProbabilities' has shape [${classes.shape}], not [${rows}, C + 1]`);
    }
    for (let row = 0; row < rows; row++) {
      const probabilities = classes.data.subarray(row * size, (row + 1) * size);
      const sum = probabilities.reduce((total, value) => total + value, 0);
      if (probabilities.some((value) => value < 0) || Math.abs(sum - 1) > 1e-4) {
        throw new Error(`${where}row ${row} of 'classProbabilities' does not sum to 1: ${probabilities.join(', ')}`);
      }
    }
  }

  /** Gradients of every output, by an uneven cotangent: names of the parameters (and {@link INPUT}) that they reach. */
  async #gradients(part: Part): Promise<Set<string>> {
    const rows = this.#rows(this.#size);
    const context = this.#context(rows, { training: true });
    const reached = new Set<string>();
    const names = Object.keys(await this.#run(part, rows, context));
    const parameters = Object.entries(part.parameters());
    const input = tf.tensor2d(rows.data.slice(), [rows.groups * rows.batch, this.#subject.columns]);
    try {
      for (const name of names) {
        const output = () => present(part.apply(input, context))[name] as tf.Tensor;
        const dy = tf.tidy(() => {
          const { shape, size } = output();
          return tf.tensor(
            Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + 0.3) + 0.25),
            shape,
          );
        });
        const variables = [input, ...parameters.map(([, variable]) => variable)];
        const { value, grads } = differentiate(output, variables, dy);
        for (const [i, label] of [INPUT, ...parameters.map(([path]) => path)].entries()) {
          const gradient = grads[i];
          if (gradient === null || gradient === undefined) continue;
          const data = await gradient.data();
          if (data.some((number) => !Number.isFinite(number))) {
            throw new Error(`The gradient of '${name}' with respect to '${label}' is not finite`);
          }
          if (data.some((number) => number !== 0)) reached.add(label);
        }
        tf.dispose([value, dy, ...grads.filter((gradient) => gradient !== null)]);
      }
    } finally {
      input.dispose();
    }
    return reached;
  }

  /** Perturbs every parameter, because initial values may be special. */
  async #perturb(part: Part): Promise<void> {
    const values = await readTree(part.parameters());
    const moved: TreeValues = mapValues(values, ({ shape, data }, name) => {
      const noise = this.#random.fork('perturbation', name).normal(data.length);
      return { shape, data: data.map((value, i) => value + 0.1 * (noise[i] as number)) };
    });
    assignTree(part.parameters(), moved);
  }

  /** Calibrates on two batches; the outputs must be those of statistics 'batch'. */
  async #calibrate(part: Part): Promise<void> {
    for (const label of ['input', 'more']) {
      const rows = this.#rows(this.#size, label);
      for (let iteration = 0; iteration < this.#iterations; iteration++) {
        const plain = await this.#run(part, rows, { iteration });
        const accumulating = await this.#run(part, rows, { iteration, statistics: 'calibrate' });
        this.#expectSame(accumulating, plain, "Statistics 'calibrate' give other results than 'batch': ");
      }
    }
  }

  #expectSame(actual: TreeValues, expected: TreeValues, message: string): void {
    const difference = layoutDifference(
      actual,
      mapValues(expected, ({ shape }) => shape),
    );
    if (difference !== undefined) throw new Error(`${message}${difference}`);
    for (const [name, { data }] of Object.entries(expected)) {
      const values = (actual[name] as TensorValue).data;
      const scale = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      const wrong = data.findIndex(
        (value, i) => !(Math.abs(value - (values[i] as number)) <= this.#tolerance * scale + 1e-6),
      );
      if (wrong >= 0) throw new Error(`${message}'${name}'[${wrong}] is ${values[wrong]}, not ${data[wrong]}`);
    }
  }
}

/** Represents the input among the names of parameters. */
const INPUT = 'the input';

/** The outputs without those that are undefined. */
function present(outputs: object): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(outputs ?? {}).filter(([, output]) => output !== undefined)) as Record<
    string,
    tf.Tensor
  >;
}

function differentiate(f: () => tf.Tensor, variables: tf.Tensor[], dy: tf.Tensor) {
  return explainMissingGradient(() => tf.engine().gradients(f, variables, dy, true));
}

/** The caller disposes outputs, so they must be new tensors. */
function expectOwn(outputs: Readonly<Record<string, tf.Tensor>>, input: tf.Tensor, part: Part): void {
  const others = new Map<tf.Tensor, string>([[input, 'the input']]);
  for (const [name, variable] of Object.entries({ ...part.parameters(), ...part.state() })) others.set(variable, name);
  for (const [name, output] of Object.entries(outputs)) {
    const other = others.get(output);
    if (other !== undefined) throw new Error(`The output '${name}' is ${other} itself; it must be a new tensor`);
    others.set(output, `the output '${name}'`);
  }
}

function expectTrees(parameters: TensorTree, state: TensorTree): void {
  for (const [which, tree] of [
    ['parameters()', parameters],
    ['state()', state],
  ] as const) {
    for (const [name, variable] of Object.entries(tree)) {
      if (!(variable instanceof tf.Variable)) throw new Error(`${which} '${name}' is not a tf.Variable`);
      if (variable.dtype !== 'float32') throw new Error(`${which} '${name}' is ${variable.dtype}, not float32`);
      if (variable.isDisposed) throw new Error(`${which} '${name}' is disposed`);
    }
    const variables = Object.values(tree);
    if (new Set(variables).size !== variables.length) throw new Error(`${which} names one variable twice`);
  }
  const trained = new Set(Object.values(parameters));
  for (const [name, variable] of Object.entries(state)) {
    if (name in parameters || trained.has(variable))
      throw new Error(`'${name}' is both in parameters() and in state()`);
  }
}

function shapesOf(tree: TensorTree): Record<string, readonly number[]> {
  return mapValues(tree, ({ shape }) => shape);
}

/** The first difference of a tree from the expected names and shapes, if any. */
function layoutDifference(
  tree: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  expected: Readonly<Record<string, readonly number[]>>,
): string | undefined {
  for (const [name, shape] of Object.entries(expected)) {
    const actual = tree[name];
    if (actual === undefined) return `'${name}' is missing`;
    if (!sameShape(actual.shape, shape)) return `'${name}' has shape [${actual.shape}], not [${shape}]`;
  }
  const extra = Object.keys(tree).find((name) => !(name in expected));
  return extra === undefined ? undefined : `'${extra}' is unexpected`;
}

/** Rows of a row-major matrix, in the given order. */
function takeRows(data: Float32Array, columns: number, order: readonly number[]): Float32Array {
  const taken = new Float32Array(order.length * columns);
  for (const [i, row] of order.entries()) taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  return taken;
}

function takeValue({ shape, data }: TensorValue, order: readonly number[]): TensorValue {
  const columns = shape[1] as number;
  return { shape: [order.length, columns], data: takeRows(data, columns, order) };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

/** Whether two values are equal and valid JSON. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => sameJson(value, b[i]));
  if (typeof a !== 'object' || a === null) return a === b;
  // The tag rather than the prototype, which differs between realms; typed arrays and dates have tags of their own.
  if (Object.prototype.toString.call(a) !== '[object Object]') return false;
  if (typeof b !== 'object' || b === null || Array.isArray(b)) return false;
  const [one, two] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(one);
  return (
    names.length === Object.keys(two).length &&
    names.every((name) => Object.hasOwn(two, name) && sameJson(one[name], two[name]))
  );
}
