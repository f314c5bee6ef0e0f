import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** What assembly/limits.ts exports. */
interface Limits {
  multiplyAdds(count: number, factor: number, summand: number): number;
  additions(count: number, step: bigint): bigint;
  readAll(start: number, bytes: number): number;
}

const PAGE = 65536;
/** 2 GiB */
const LARGEST_MEMORY_PAGES = 32768;

/** Compiles assembly/limits.ts with a shared memory of at least `bytes`. Workers can instantiate `module` too. */
export async function compileLimits(bytes = 0) {
  const [compiler, source, binary] = [
    import.meta.resolve('assemblyscript/bin/asc.js'),
    new URL('../../assembly/limits.ts', import.meta.url),
    new URL('../../results/limits.wasm', import.meta.url),
  ].map((url) => fileURLToPath(url)) as [string, string, string];
  const options = `--runtime stub -O3 --noAssert --importMemory --noExportMemory --sharedMemory --initialMemory 1
    --maximumMemory ${LARGEST_MEMORY_PAGES} --enable threads,simd,relaxed-simd`;
  // In a separate process, because compiling takes 1.5 GiB.
  execFileSync(process.execPath, [compiler, source, ...options.split(/\s+/), '-o', binary]);
  // Node 20 has relaxed SIMD behind a flag, which later versions do not know.
  if (process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const module = await WebAssembly.compile(readFileSync(binary));
  const initial = 1 + Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial, maximum: LARGEST_MEMORY_PAGES, shared: true });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return { module, memory, limits: exports as unknown as Limits };
}
