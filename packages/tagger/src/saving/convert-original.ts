import { checkOptionNames, TaggerError } from '@taggerjs/nn';
import { decodeNpz, encodeSafetensors, toFloat32, type NamedTensor } from '@taggerjs/weights';

import { describeModel } from './saved-tagger';
import type { TaggerConfig } from '../model/tagger-config';

/** Options of {@link convertOriginal}: the file does not contain them. */
export interface ConvertOriginalOptions {
  /** Shape of one input; its product is N. Shapes: [20, 20]. */
  readonly inputShape: readonly number[];
  /** `'bitflip'` for the original's `input_type` 'binary', `'gaussian'` for 'continuous'. */
  readonly noise: 'bitflip' | 'gaussian';
  /** The original's `input_noise`: the flip probability, or the standard deviation. @default 0.2 */
  readonly noiseLevel?: number;
  /** The original's `zhat_init_value`. Shapes: 0.26; textured MNIST: 0.5. */
  readonly initialPrediction: number;
  /** The original's `n_groups`. @default 4 */
  readonly groups?: number;
  /** The original's `n_iterations`. @default 3 */
  readonly iterations?: number;
  /** Whether the top layer classifies; its last unit then means "no object". @default false */
  readonly classes?: boolean;
}

/** Running averages of the original's clean path, which the Tagger does not use. */
const BOOKKEEPING = /^(counter|counter_max|shared_f_\d+_bn_(mean|var)_clean)$/;

/**
 * Converts a model of the original project (`trained_params.npz` of github.com/CuriousAI/tagger) into the bytes of a model
 * file, which `loadTagger` loads. Every array must be present and have the right shape, and unknown arrays are refused by
 * name.
 *
 * The differences between the two, and how they are resolved:
 *
 * - Names: `W` is W_h, `b` b_h, `z_u_W` W_z, `c1` gain_z, `b1` bias_z, `m_u_W` W_m, `c2` gain_m; of the Ladder `f_l_W` is
 *   W_l, `f_l_b` b_l, `f_L_c` c, `g_l_W` V_l, `g_l_a1` a1_l.
 * - The original's features are in the order z, dz, m, L: the rows of W are reordered to z, m, dz, L.
 * - Binary inputs: from the second iteration on the original feeds back the prediction before the sigmoid:
 *   `predictionInput: 'logit'`.
 * - Binary inputs: the original's dz has a factor 1 - 2 beta, which is multiplied into W's rows of dz.
 * - Binary inputs: the original clips L softly by 1e-4. This is not reproduced; it changes L by less than 1e-3.
 * - Real inputs: dz has the form 'residual'. The gate of the Ladder is 'sigmoid'; for binary inputs it is 'linear'.
 * - Real inputs: the original uses v' = exp(asinh(v)) as a standard deviation in L and as a variance in the cost. Groups
 *   depend only on L, so the variance becomes v'^2. Costs therefore differ; the original's also omits a constant 0.919.
 * - The original only knows batch normalization with the statistics of the minibatch: `norm: 'batch'`. Group with
 *   `statistics: 'batch'`, or calibrate first.
 * - The running averages of the Ladder's clean path (`counter`, `shared_f_1_bn_mean_clean`, ...) are dropped.
 *
 * @param npz the bytes of the .npz file
 * @returns the bytes of a model file
 * @throws WeightsError if the bytes are not an .npz file; TaggerError `INVALID_OPTION` if an option is unknown or out of
 *   range, `PARAMETER_MISMATCH` if arrays are missing, unknown or have other shapes
 */
export function convertOriginal(npz: Uint8Array, options: ConvertOriginalOptions): Uint8Array {
  checkOptionNames('convertOriginal', options, [
    'inputShape',
    'noise',
    'noiseLevel',
    'initialPrediction',
    'groups',
    'iterations',
    'classes',
  ]);
  const {
    inputShape,
    noise,
    noiseLevel = 0.2,
    initialPrediction,
    groups = 4,
    iterations = 3,
    classes = false,
  } = options;
  if (noise !== 'bitflip' && noise !== 'gaussian') {
    throw new TaggerError(
      'INVALID_OPTION',
      `convertOriginal: noise must be 'bitflip' or 'gaussian', not '${String(noise)}'.`,
    );
  }
  const N = inputShape.reduce((product, side) => product * side, 1);
  if (inputShape.length === 0 || !inputShape.every((side) => Number.isInteger(side) && side > 0)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `convertOriginal: inputShape must be positive integers, not [${inputShape}].`,
    );
  }
  if (!(noiseLevel > 0 && noiseLevel < (noise === 'bitflip' ? 0.5 : Infinity))) {
    throw new TaggerError('INVALID_OPTION', `convertOriginal: noiseLevel is out of range for ${noise}: ${noiseLevel}.`);
  }
  if (!Number.isFinite(initialPrediction)) {
    throw new TaggerError(
      'INVALID_OPTION',
      `convertOriginal: initialPrediction must be a finite number, the original's zhat_init_value, not ${initialPrediction}.`,
    );
  }
  const binary = noise === 'bitflip';
  const arrays = openArrays(decodeNpz(npz));
  const H = arrays.columnsOf('W');
  const sizes = ladderSizes(arrays, H);
  const top = sizes.length - 1;

  const tensors: Record<string, NamedTensor> = Object.create(null);
  const put = (name: string, shape: readonly number[], data: Float32Array) => {
    tensors[name] = { dtype: 'F32', shape, data };
  };
  const take = (from: string, to: string, shape: readonly number[]) => put(to, shape, arrays.take(from, shape));

  put('W_h', [4 * N, H], reorderRows(arrays.take('W', [4 * N, H]), N * H, binary ? 1 - 2 * noiseLevel : 1));
  take('b', 'b_h', [H]);
  take('z_u_W', 'W_z', [H, N]);
  take('c1', 'gain_z', [N]);
  take('b1', 'bias_z', [N]);
  take('m_u_W', 'W_m', [H, N]);
  take('c2', 'gain_m', []);
  for (let l = 0; l <= top; l++) {
    const size = sizes[l] as number;
    if (l > 0) {
      const below = sizes[l - 1] as number;
      take(`f_${l}_W`, `ladder/W_${l}`, [below, size]);
      take(`f_${l}_b`, `ladder/b_${l}`, [size]);
      take(`g_${l - 1}_W`, `ladder/V_${l - 1}`, [size, below]);
    }
    for (let i = 1; i <= 10; i++) take(`g_${l}_a${i}`, `ladder/a${i}_${l}`, [size]);
  }
  take(`f_${top}_c`, 'ladder/c', [sizes[top] as number]);
  if (!binary) {
    const v = arrays.take('v', [])[0] as number;
    put('logVariance', [], Float32Array.of(2 * Math.asinh(v)));
  }
  arrays.refuseRest();

  const config: TaggerConfig = {
    inputShape: [...inputShape],
    groups,
    iterations,
    initialPrediction,
    predictionInput: binary ? 'logit' : 'probability',
    noise: binary
      ? { type: 'bitflip', probability: noiseLevel }
      : { type: 'gaussian', standardDeviation: noiseLevel, form: 'residual' },
    core: {
      type: 'projected',
      hiddenSize: H,
      norm: 'batch',
      predictionInit: 'constant',
      mapping: {
        type: 'ladder',
        sizes: sizes.slice(1),
        gate: binary ? 'linear' : 'sigmoid',
        ...(classes && { classes: (sizes[top] as number) - 1 }),
      },
    },
  };
  return encodeSafetensors(tensors, { metadata: describeModel(config) });
}

/** The arrays of a file, each of which can be taken once. */
function openArrays(tensors: Readonly<Record<string, NamedTensor>>) {
  const left = new Map(Object.entries(tensors).filter(([name]) => !BOOKKEEPING.test(name)));
  const get = (name: string): NamedTensor => {
    const tensor = left.get(name);
    if (tensor !== undefined) return tensor;
    throw new TaggerError(
      'PARAMETER_MISMATCH',
      `convertOriginal: the file has no array '${name}'; it has ${Object.keys(tensors).sort().join(', ') || 'none'}. Only ` +
        'models of the original Tagger with a fully connected Ladder can be converted.',
    );
  };
  return {
    has: (name: string) => left.has(name),
    /** The number of columns of a matrix. */
    columnsOf(name: string): number {
      const { shape } = get(name);
      if (shape.length === 2) return shape[1] as number;
      throw new TaggerError('PARAMETER_MISMATCH', `convertOriginal: '${name}' must be a matrix, not [${shape}].`);
    },
    take(name: string, shape: readonly number[]): Float32Array {
      const tensor = get(name);
      if (tensor.shape.length !== shape.length || shape.some((side, axis) => side !== tensor.shape[axis])) {
        throw new TaggerError(
          'PARAMETER_MISMATCH',
          `convertOriginal: '${name}' has shape [${tensor.shape}], expected [${shape}]. Check inputShape.`,
        );
      }
      left.delete(name);
      return toFloat32(tensor);
    },
    refuseRest(): void {
      if (left.size === 0) return;
      throw new TaggerError(
        'PARAMETER_MISMATCH',
        `convertOriginal: the file has unknown arrays ${[...left.keys()].map((name) => `'${name}'`).join(', ')}` +
          `${left.has('v') ? ". 'v' belongs to models of real inputs: use noise 'gaussian'" : ''}.`,
      );
    },
  };
}

/** d_0 = H, d_1, .., d_L */
function ladderSizes(arrays: ReturnType<typeof openArrays>, hiddenSize: number): number[] {
  const sizes = [hiddenSize];
  do sizes.push(arrays.columnsOf(`f_${sizes.length}_W`));
  while (arrays.has(`f_${sizes.length}_W`));
  return sizes;
}

/** Reorders the blocks z, dz, m, L to z, m, dz, L, and multiplies dz by a factor. */
function reorderRows(W: Float32Array, block: number, factor: number): Float32Array {
  const part = (index: number) => W.subarray(index * block, (index + 1) * block);
  const reordered = new Float32Array(W.length);
  reordered.set(part(0));
  reordered.set(part(2), block);
  reordered.set(
    part(1).map((value) => value * factor),
    2 * block,
  );
  reordered.set(part(3), 3 * block);
  return reordered;
}
