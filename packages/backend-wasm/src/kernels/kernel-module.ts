import { KERNEL_BINARIES } from '../generated/kernel-binaries';
import type { Platform } from '../platform';

/** The kernels, compiled for the instructions that a platform supports. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether it uses relaxed SIMD. */
  readonly relaxed: boolean;
}

/** Modules that are already compiled; undefined for those that cannot be compiled. */
const compiled = new Map<string, Promise<WebAssembly.Module | undefined>>();

/**
 * Compiles the kernels for a memory that is shared or not, with relaxed SIMD if it is allowed and available.
 *
 * @returns undefined if there are no vector instructions
 */
export async function compileKernels(
  platform: Platform,
  shared: boolean,
  relaxedSimd: boolean,
): Promise<KernelModule | undefined> {
  for (const variant of relaxedSimd ? (['relaxed', 'plain'] as const) : (['plain'] as const)) {
    const key = `${variant} ${shared}`;
    let module = compiled.get(key);
    if (module === undefined) {
      module = compile(platform, variant, shared);
      compiled.set(key, module);
      module.catch(() => compiled.delete(key));
    }
    const found = await module;
    if (found !== undefined) return { module: found, relaxed: variant === 'relaxed' };
  }
  return undefined;
}

async function compile(
  platform: Platform,
  variant: keyof typeof KERNEL_BINARIES,
  shared: boolean,
): Promise<WebAssembly.Module | undefined> {
  const { deflated, memoryFlags } = KERNEL_BINARIES[variant];
  const binary = await inflate(Uint8Array.from(atob(deflated), (character) => character.charCodeAt(0)));
  if (!shared) binary[memoryFlags] = 1;
  return platform.canCompile(binary) ? WebAssembly.compile(binary) : undefined;
}

async function inflate(deflated: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
