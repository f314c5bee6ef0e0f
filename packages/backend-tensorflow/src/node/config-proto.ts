/** Settings of a TensorFlow context, by the names of `tensorflow.ConfigProto`. */
export interface ContextConfig {
  readonly intraOpParallelismThreads: number;
  /** The most GPUs to use; undefined: all. */
  readonly gpuCount?: number;
  /** Indices of the GPUs to use, among those that CUDA sees; undefined: all. */
  readonly visibleDeviceList?: string;
  readonly allowGrowth?: boolean;
  /** In (0, 1]. */
  readonly perProcessGpuMemoryFraction?: number;
}

/**
 * Serializes a `tensorflow.ConfigProto`, by the field numbers of tensorflow/core/protobuf/config.proto: device_count 1,
 * intra_op_parallelism_threads 2, gpu_options 6 (per_process_gpu_memory_fraction 1, allow_growth 4,
 * visible_device_list 5). TensorFlow keeps these numbers: files contain them.
 */
export function encodeConfig(config: ContextConfig): Uint8Array {
  const bytes: number[] = [];
  if (config.gpuCount !== undefined) bytes.push(...message(1, [...text(1, 'GPU'), ...integer(2, config.gpuCount)]));
  bytes.push(...integer(2, config.intraOpParallelismThreads));
  const gpu: number[] = [];
  if (config.perProcessGpuMemoryFraction !== undefined) gpu.push(...double(1, config.perProcessGpuMemoryFraction));
  if (config.allowGrowth !== undefined) gpu.push(...integer(4, config.allowGrowth ? 1 : 0));
  if (config.visibleDeviceList !== undefined) gpu.push(...text(5, config.visibleDeviceList));
  if (gpu.length > 0) bytes.push(...message(6, gpu));
  return Uint8Array.from(bytes);
}

// Protocol buffers: a key of field number and wire type (0: varint, 1: 8 bytes, 2: length and bytes), then the value.
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function integer(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function double(field: number, value: number): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [...varint(field * 8 + 1), ...bytes];
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

function text(field: number, value: string): number[] {
  return message(field, [...new TextEncoder().encode(value)]);
}
