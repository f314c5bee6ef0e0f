/** Whether this machine stores numbers as safetensors does: the low byte first. */
export function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}

/** Reverses the bytes of each element, in place. */
export function reverseBytes(bytes: Uint8Array, bytesPerElement: number): void {
  for (let i = 0; i + bytesPerElement <= bytes.length; i += bytesPerElement) {
    bytes.subarray(i, i + bytesPerElement).reverse();
  }
}
