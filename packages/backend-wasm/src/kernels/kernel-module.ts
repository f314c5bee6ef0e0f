import { KERNEL_BINARIES } from '../generated/kernel-binaries';
import type { Platform } from '../platform';

/** The kernels, compiled for what a platform has. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether it uses relaxed SIMD. */
  readonly relaxed: boolean;
}

/** Compiled once per process and variant. */
const compiled = new Map<keyof typeof KERNEL_BINARIES, Promise<WebAssembly.Module>>();

/**
 * Compiles the kernels for a memory that is shared or not, with relaxed SIMD where it is wanted and there is any.
 *
 * @returns undefined where there are no vector instructions
 */
export async function compileKernels(
  platform: Platform,
  shared: boolean,
  relaxedSimd: boolean,
): Promise<KernelModule | undefined> {
  const plain = shared ? 'shared' : 'unshared';
  for (const variant of relaxedSimd ? ([`${plain}Relaxed`, plain] as const) : ([plain] as const)) {
    const binary = decode(KERNEL_BINARIES[variant]);
    if (!compiled.has(variant)) {
      if (!platform.canCompile(binary)) continue;
      compiled.set(variant, WebAssembly.compile(binary));
    }
    return { module: await (compiled.get(variant) as Promise<WebAssembly.Module>), relaxed: variant !== plain };
  }
  return undefined;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
