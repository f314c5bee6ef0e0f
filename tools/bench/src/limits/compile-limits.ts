import { readFileSync } from 'node:fs';
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
  const { default: asc } = await import('assemblyscript/asc');
  const source = readFileSync(new URL('../../assembly/limits.ts', import.meta.url), 'utf8');
  const options = `--runtime stub -O3 --noAssert --importMemory --noExportMemory --sharedMemory --initialMemory 1
    --maximumMemory ${LARGEST_MEMORY_PAGES} --enable threads,simd,relaxed-simd -o limits.wasm`;
  let binary = new Uint8Array();
  const { error, stderr } = await asc.main(['limits.ts', ...options.split(/\s+/)], {
    readFile: (name) => (name === 'limits.ts' ? source : null),
    writeFile: (_name, contents) => void (binary = Uint8Array.from(contents as Uint8Array)),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`limits.ts: ${stderr.toString()}`, { cause: error });
  // Node 20 has relaxed SIMD behind a flag, which later versions do not know.
  if (process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const module = await WebAssembly.compile(binary);
  const initial = 1 + Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial, maximum: LARGEST_MEMORY_PAGES, shared: true });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return { module, memory, limits: exports as unknown as Limits };
}
