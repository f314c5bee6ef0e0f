import type { KernelExports } from '../generated/kernel-exports';
import { compileKernels } from '../kernels/kernel-module';
import { nodePlatform } from '../node/node-platform';
import { GuardedMemory } from './guarded-memory';

/** Kernels on a separate memory, with one thread. */
export interface IsolatedKernels {
  readonly kernels: KernelExports;
  readonly memory: GuardedMemory;
  /** Offset of the control block. */
  readonly control: number;
}

/** Each build of the kernels once: shared memory changes one byte of a module, but no instruction. */
export const KERNEL_VARIANTS = [
  { shared: false, relaxed: false },
  { shared: true, relaxed: true },
] as const;

/** Instantiates a build of the kernels on a guarded memory of `pages` pages. */
export async function isolateKernels(
  { shared, relaxed }: (typeof KERNEL_VARIANTS)[number],
  pages = 64,
): Promise<IsolatedKernels> {
  const compiled = await compileKernels(nodePlatform, shared, relaxed);
  if (compiled?.relaxed !== relaxed) throw new Error('this Node has no relaxed SIMD');
  const memory = new GuardedMemory(pages, shared);
  const instance = await WebAssembly.instantiate(compiled.module, { env: { memory: memory.memory } });
  const kernels = instance.exports as unknown as KernelExports;
  const control = 8 * Math.ceil(memory.allocate(kernels.controlBytes(1) + 8) / 8);
  memory.keep();
  kernels.initialize(control, 1, 1);
  return { kernels, memory, control };
}
