import { join } from 'node:path';

import { kernelsPlace, PLACES } from '../installation/installation';
import { runCommand } from './run-command';

/**
 * Loads a binding in a separate process, where TensorFlow computes a product with a known result, and this package's kernels, if
 * there are any for this processor, compute it too and add a bias. The values are integers below 2^24: every order of summation is exact.
 *
 * @param levels the processor levels that have kernels
 * @returns the version that TensorFlow reports
 */
export async function verifyInstallation(
  folder: string,
  levels: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const kernels = levels.map((level) => [level, join(folder, kernelsPlace(level))]);
  const args = ['--eval', PROGRAM, join(folder, PLACES.addon), JSON.stringify(Object.fromEntries(kernels))];
  const printed = await runCommand(process.execPath, args, {
    signal,
    advice: 'The new installation does not compute, and was removed. The system may be too old for TensorFlow (glibc).',
  });
  return (JSON.parse(printed) as { tensorflow: string }).tensorflow;
}

const PROGRAM = `
process.env.TF_CPP_MIN_LOG_LEVEL = '3';
const module_ = { exports: {} };
process.dlopen(module_, process.argv[1]);
const [rows, inner, columns] = [37, 129, 53];
const a = Float32Array.from({ length: rows * inner }, (_, i) => (i * 7) % 19 - 9);
const b = Float32Array.from({ length: inner * columns }, (_, i) => (i * 5) % 23 - 11);
// ConfigProto { intra_op_parallelism_threads: 1, device_count: { GPU: 0 } }
const { backend } = module_.exports.create(Uint8Array.from([10, 7, 10, 3, 71, 80, 85, 16, 0, 16, 1]));
const ids = [backend.createTensor([rows, inner], backend.TF_FLOAT, a), backend.createTensor([inner, columns], backend.TF_FLOAT, b)];
const attributes = [
  { name: 'T', type: backend.TF_ATTR_TYPE, value: backend.TF_FLOAT },
  { name: 'transpose_a', type: backend.TF_ATTR_BOOL, value: false },
  { name: 'transpose_b', type: backend.TF_ATTR_BOOL, value: false },
];
const [product] = backend.executeOp('MatMul', attributes, ids, 1);
const values = backend.tensorDataSync(product.id);
for (let i = 0; i < rows; i++) {
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[i * inner + k] * b[k * columns + j];
    if (values[i * columns + j] !== sum) throw new Error('The product is wrong at ' + i + ', ' + j + ': ' + values[i * columns + j] + ', expected ' + sum);
  }
}
const kernels = JSON.parse(process.argv[2]);
const level = module_.exports.cpuLevels().find((name) => name in kernels);
if (level !== undefined) {
  const { names, numbers, run } = module_.exports.loadKernels(kernels[level], 1);
  const compute = (name, attributes, inputs) => {
    numbers.set([names.indexOf(name), attributes.length, ...attributes, inputs.length, ...inputs]);
    run();
    return backend.tensorDataSync(numbers[1]);
  };
  const check = (name, results, right) => results.forEach((value, i) => {
    if (value !== right(i)) throw new Error('The kernel ' + name + ' of ' + level + ' is wrong at ' + i + ': ' + value + ', expected ' + right(i));
  });
  check('TaggerMatMul', compute('TaggerMatMul', [0, 0, 0], ids), (i) => values[i]);
  const bias = Float32Array.from({ length: columns }, (_, i) => i - 7);
  const inputs = [product.id, backend.createTensor([columns], backend.TF_FLOAT, bias)];
  check('TaggerAddBias', compute('TaggerAddBias', [1], inputs), (i) => Math.max(0, values[i] + bias[i % columns]));
}
console.log(JSON.stringify({ tensorflow: module_.exports.tensorflowVersion }));
`;
