/** Parses JSON in which tensors are `{ shape, float64 }`, with `float64` as base64 of little-endian bytes. */
export function unpackTensors(json: string): unknown {
  return JSON.parse(json, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('float64' in value)) return value;
    const { shape, float64 } = value as { shape: number[]; float64: string };
    const text = atob(float64);
    const view = new DataView(Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer);
    return { shape, data: Float64Array.from({ length: text.length / 8 }, (_, i) => view.getFloat64(8 * i, true)) };
  });
}
