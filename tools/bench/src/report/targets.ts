import type { Run } from '../measurements/measurement';
import type { StepResults } from '../measurements/steps';
import { median, medianRatio, type ByRound } from '../median';
import { NAMED_SETTINGS, type SettingsName } from '../step-settings';
import { figure, markdownTable } from './markdown-table';

/**
 * A goal with two threads. `limited` is a ratio, of a variant over another one, or a variant, whose
 * milliseconds are limited.
 */
type Target = readonly [name: string, run: `${'steps' | 'inference'} ${SettingsName}`, limited: string, atMost: number];

const COMPILED = 'TensorFlow over PyTorch compiled, both in bfloat16';
const EAGER = 'TensorFlow over eager PyTorch, float32';
const PRODUCTS = 'WebAssembly over the limit of its products';

const TARGETS: readonly Target[] = [
  [COMPILED, 'steps shapes', 'tensorflow-bfloat16 / torch-bfloat16-compiled', 1],
  [COMPILED, 'steps small', 'tensorflow-bfloat16 / torch-bfloat16-compiled', 1.1],
  [COMPILED, 'steps textures', 'tensorflow-bfloat16 / torch-bfloat16-compiled', 1],
  [EAGER, 'steps shapes', 'tensorflow / torch', 0.8],
  [EAGER, 'steps small', 'tensorflow / torch', 1],
  [PRODUCTS, 'steps shapes', 'relaxed / bound', 1.2],
  [PRODUCTS, 'steps small', 'relaxed / bound', 1.5],
  ['The same inside `tagger train`, with everything', 'steps small', 'run / bound', 1.6],
  ['WebAssembly over eager PyTorch, float32', 'steps shapes', 'relaxed / torch', 1.25],
  ['Inference on WebAssembly, in milliseconds', 'inference small', 'relaxed', 2.5],
  ['Inference on WebAssembly over reading the weights', 'inference shapes', 'relaxed / bound', 2],
];

/** The targets with their measured values. */
export function targetsTable(runs: readonly Run[]): string {
  return markdownTable(
    TARGETS.map((target) => {
      const [name, run, , atMost] = target;
      const [command, size] = run.split(' ') as [string, SettingsName];
      const { sizes, batch } = NAMED_SETTINGS[size];
      const value = valueOf(target, runs);
      return {
        what: name,
        model: `${sizes.join('-')}, batch ${command === 'steps' ? batch : 1}`,
        'at most': String(atMost),
        measured: figure(value),
        met: Number.isNaN(value) ? 'not measured' : value <= atMost ? 'yes' : 'no',
      };
    }),
  );
}

/** NaN if it was not measured. A variant for bfloat16 that had to compute in float32 does not count. */
function valueOf([, name, limited]: Target, runs: readonly Run[]): number {
  const run = runs.find(({ command, settings }) => {
    const named = NAMED_SETTINGS[name.split(' ')[1] as SettingsName];
    const isSame = settings.sizes.join() === named.sizes.join() && settings.inputSize === named.inputSize;
    return name.startsWith(command) && isSame && (command === 'inference' || settings.batch === named.batch);
  }) as Run<StepResults> | undefined;
  const times = (variant: string): ByRound => {
    const result = run?.results.find((one) => one.name === variant && one.threads === 2);
    return result === undefined || result.description.includes('products in float32') ? [] : result.milliseconds;
  };
  const [variant, over] = limited.split(' / ') as [string, string?];
  return over === undefined ? median(times(variant)) : medianRatio(times(variant), times(over));
}
