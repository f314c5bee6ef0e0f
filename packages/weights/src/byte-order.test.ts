import { isLittleEndian, reverseBytes } from './byte-order';

describe('byte order', () => {
  it('is that of this machine', () => {
    expect(isLittleEndian()).toBe(new Float32Array(Uint8Array.of(0, 0, 0x80, 0x3f).buffer)[0] === 1);
  });

  it.each([
    [1, [1, 2, 3, 4, 5, 6, 7, 8]],
    [2, [2, 1, 4, 3, 6, 5, 8, 7]],
    [4, [4, 3, 2, 1, 8, 7, 6, 5]],
    [8, [8, 7, 6, 5, 4, 3, 2, 1]],
  ])('of elements of %d bytes is reversed in place', (size, expected) => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    reverseBytes(bytes, size);
    expect([...bytes]).toEqual(expected);
  });
});
