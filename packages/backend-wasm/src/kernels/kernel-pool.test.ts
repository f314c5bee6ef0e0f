import { nodePlatform } from '../node/node-platform';
import type { KernelThread } from '../platform';
import type { WasmRuntime } from '../wasm-runtime';
import type { KernelExports } from '../generated/kernel-exports';
import { compileKernels, type KernelModule } from './kernel-module';
import { KernelPool } from './kernel-pool';

const PAGE = 65536;

/** A heap that only grows, and the callbacks for its disposal. */
function heap(shared: boolean) {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared });
  const disposers: (() => void)[] = [];
  let top = 1024;
  const runtime = {
    memory,
    allocate(bytes: number) {
      top += bytes + 8;
      return top - bytes;
    },
    free() {},
    onDispose: (disposer: () => void) => disposers.push(disposer),
  } as unknown as WasmRuntime;
  return { runtime, dispose: () => disposers.forEach((disposer) => disposer()) };
}

const kernelModule = async (shared: boolean): Promise<KernelModule> =>
  (await compileKernels(nodePlatform, shared, false)) as KernelModule;

/** Ones times ones, [200, 100] by [100, 200], to be written to c. */
function multiply(pool: KernelPool, kernels: KernelExports, { memory }: WasmRuntime, c: number): void {
  const [a, b, packed] = [8 * PAGE, 12 * PAGE, 32 * PAGE] as const;
  new Float32Array(memory.buffer, a, 20_000).fill(1);
  new Float32Array(memory.buffer, b, 20_000).fill(1);
  kernels.matmul(pool.control, 200, 200, 100, a, 400, 0, b, 800, 0, c, packed, 40 * PAGE, PAGE, 200, 16);
}

describe('the pool of threads', () => {
  it.each([1, 2, 4])('shares a job among %i threads', async (threads) => {
    const { runtime, dispose } = heap(threads > 1);
    const pool = await KernelPool.start(runtime, (await kernelModule(threads > 1)).module, threads, nodePlatform);
    for (let again = 0; again < 50; again++) {
      pool.compute((kernels) => multiply(pool, kernels, runtime, 20 * PAGE));
      const c = new Float32Array(runtime.memory.buffer, 20 * PAGE, 40_000);
      expect(c.every((value) => value === 100)).toBe(true);
      c.fill(0);
      // Some jobs find the threads spinning, others find them asleep.
      if (again % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    dispose();
  });

  it.each([1, 2])('fails, with %i threads, where a task traps, then and ever after', async (threads) => {
    const { runtime, dispose } = heap(threads > 1);
    const pool = await KernelPool.start(runtime, (await kernelModule(threads > 1)).module, threads, nodePlatform);
    // The end of c is beyond the end of the memory.
    const run = (c: number) => pool.compute((kernels) => multiply(pool, kernels, runtime, c));
    expect(() => run(64 * PAGE - 1600)).toThrow(WebAssembly.RuntimeError);
    expect(() => run(20 * PAGE)).toThrow(WebAssembly.RuntimeError);
    dispose();
  });

  it('ends its threads if one cannot start, and gives the reason', async () => {
    const { runtime } = heap(true);
    const ended: number[] = [];
    const start = KernelPool.start(runtime, (await kernelModule(true)).module, 4, {
      ...nodePlatform,
      startKernelThread: async ({ thread }): Promise<KernelThread> => {
        if (thread === 2) throw new Error('no more threads');
        return { terminate: () => void ended.push(thread) };
      },
    });
    await expect(start).rejects.toThrow('no more threads');
    expect(ended).toEqual([1, 3]);
  });

  it('returns scratch memory on a separate cache line, and reuses it while it suffices', async () => {
    const { runtime } = heap(false);
    const pool = await KernelPool.start(runtime, (await kernelModule(false)).module, 1, nodePlatform);
    const first = pool.scratch(1000);
    expect(first % 128).toBe(0);
    expect(pool.scratch(500)).toBe(first);
    expect(pool.scratch(2000)).not.toBe(first);
  });
});
