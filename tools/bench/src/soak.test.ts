import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** In a process of its own, with the threads of the backend and a garbage collector to call. */
function soak(...args: string[]) {
  // The space of young objects grows by leaps of its own, 32 MiB in all, unless it is kept small.
  const node = ['--expose-gc', '--max-semi-space-size=4', '--conditions=@taggerjs/source', '--import', 'tsx'];
  const output = execFileSync(process.execPath, [...node, resolve(__dirname, 'soak.ts'), ...args], {
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1) as string) as { flat: boolean; grew: Record<string, number> };
}

describe('300 training steps', () => {
  it('leave no tensor, and neither the WASM heap nor the process grows after the first ten', () => {
    const { flat, grew } = soak('--steps', '300', '--allowedRssMiB', '16');
    expect({ flat, grew }).toMatchObject({ flat: true, grew: { tensors: 0, buffers: 0, wasmHeapMiB: 0 } });
  });
});
