import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** What assembly/limits.ts exports. */
export interface LimitExports {
  multiplyAdds(count: number, factor: number, summand: number): number;
  additions(count: number, step: bigint): bigint;
  readAll(start: number, bytes: number): number;
}

/** The maximum size of the imported memory, in pages: 2 GiB. */
export const LARGEST_MEMORY_PAGES = 32768;

/** Compiles assembly/limits.ts, for a shared memory, with relaxed SIMD if the engine has it. */
export async function compileLimits(): Promise<{ readonly module: WebAssembly.Module; readonly relaxed: boolean }> {
  const { default: asc } = await import('assemblyscript/asc');
  const source = readFileSync(new URL('../../assembly/limits.ts', import.meta.url), 'utf8');
  // Node 20 has relaxed SIMD behind a flag, which later versions do not know.
  if (process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

  const memory = ['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1'];
  const limit = ['--maximumMemory', String(LARGEST_MEMORY_PAGES)];
  for (const features of ['threads,simd,relaxed-simd', 'threads,simd']) {
    let binary: Uint8Array<ArrayBuffer> | undefined;
    const { error, stderr } = await asc.main(
      [
        'limits.ts',
        '--runtime',
        'stub',
        '-O3',
        '--noAssert',
        ...memory,
        ...limit,
        '--enable',
        features,
        '-o',
        'o.wasm',
      ],
      {
        readFile: (name) => (name === 'limits.ts' ? source : null),
        writeFile: (_name, contents) => void (binary = Uint8Array.from(contents as Uint8Array)),
        listFiles: () => [],
      },
    );
    if (error !== null || binary === undefined) throw new Error(`limits.ts: ${stderr.toString()}`, { cause: error });
    if (WebAssembly.validate(binary)) {
      return { module: await WebAssembly.compile(binary), relaxed: features.includes('relaxed') };
    }
  }
  throw new Error('this engine has no SIMD instructions');
}
