import type { WasmRuntime } from '../wasm-runtime';
import { PackedFactors } from './packed-factors';

/** A heap of the given size that counts allocated bytes, and whose tensors are released by hand. */
function heap(size = Infinity) {
  const blocks = new Map<number, number>();
  let release: (dataId: object) => void = () => {};
  let top = 8;
  const taken = () => [...blocks.values()].reduce((sum, bytes) => sum + bytes, 0);
  const runtime = {
    allocate(bytes: number) {
      if (taken() + bytes > size) throw new RangeError('no room');
      blocks.set(top, bytes);
      top += bytes + 8;
      return top - bytes - 8;
    },
    free: (offset: number) => blocks.delete(offset),
    onRelease: (releaser: typeof release) => (release = releaser),
  } as unknown as WasmRuntime;
  return { runtime, taken, release: (tensor: { dataId: object }) => release(tensor.dataId) };
}

const tensor = () => ({ dataId: {} });

/** Requests a packed matrix of 10 x 20 several times. Returns the offset it was packed to, and the last offset returned. */
function ask(factors: PackedFactors, of: { dataId: object }, times: number, bytes = 1000) {
  const packs: number[] = [];
  let found: number | undefined;
  for (let i = 0; i < times; i++) found = factors.find(of, 10, 20, bytes, (offset) => packs.push(offset));
  return { packs, found };
}

describe('packed factors', () => {
  it('are packed once, after a matrix has been used often', () => {
    const factors = new PackedFactors(heap().runtime);
    const weights = tensor();
    expect(ask(factors, weights, 7)).toEqual({ packs: [], found: undefined });
    const { packs, found } = ask(factors, weights, 5);
    expect(packs).toEqual([found]);
    expect(found! % 64).toBe(0);
    expect(factors.bytes).toBe(1000);
  });

  it('are not used for a matrix of another shape with the same data', () => {
    const factors = new PackedFactors(heap().runtime);
    const weights = tensor();
    ask(factors, weights, 10);
    expect(factors.find(weights, 20, 10, 1000, () => {})).toBeUndefined();
  });

  it('are freed with their matrix', () => {
    const { runtime, release, taken } = heap();
    const factors = new PackedFactors(runtime);
    const [gone, kept] = [tensor(), tensor()];
    for (const weights of [gone, kept]) ask(factors, weights, 10);
    release(gone);
    release(tensor());
    expect(factors.bytes).toBe(1000);
    expect(taken()).toBeLessThan(1100);
    expect(ask(factors, kept, 1).found).toBeDefined();
  });

  it('are packed again if the same data is set again', () => {
    const { runtime, release } = heap();
    const factors = new PackedFactors(runtime);
    const weights = tensor();
    ask(factors, weights, 10);
    release(weights);
    expect(ask(factors, weights, 1).packs).toHaveLength(1);
  });

  it('use at most 256 MiB, and leave the heap to tensors if it has no room', () => {
    const factors = new PackedFactors(heap().runtime);
    for (let i = 0; i < 5; i++) ask(factors, tensor(), 10, 2 ** 26);
    expect(factors.bytes).toBe(2 ** 28);
    const crowded = new PackedFactors(heap(500).runtime);
    expect(ask(crowded, tensor(), 10)).toEqual({ packs: [], found: undefined });
    expect(crowded.bytes).toBe(0);
  });
});
