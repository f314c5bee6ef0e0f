import { decodeSafetensors, encodeSafetensors, WeightsError, type NamedTensor } from '@taggerjs/weights';

const W: NamedTensor = { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
const bytes = encodeSafetensors({ W }, { metadata: { config: '{}' } });
const { tensors, metadata } = decodeSafetensors(bytes);
if (tensors['W']?.shape.join() !== '2,2' || metadata['config'] !== '{}') throw new Error('not what was encoded');
try {
  decodeSafetensors(bytes.subarray(0, 9));
  throw new Error('a file cut short is an error');
} catch (error) {
  if (!(error instanceof WeightsError)) throw error;
}

console.log('ok');
