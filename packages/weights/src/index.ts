export { encodeSafetensors, type EncodeSafetensorsOptions } from './encode-safetensors';
export { decodeSafetensors, type DecodedSafetensors } from './decode-safetensors';
export type { NamedTensor } from './named-tensor';
export type { DataOf, Dtype } from './dtype';
export { toFloat32 } from './to-float32';
export { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './float16';
export { WeightsError, type WeightsErrorCode } from './errors';
