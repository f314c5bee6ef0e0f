import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Runs in a separate process, with the threads of the backend and an exposed garbage collector. */
function soak(...args: string[]) {
  // The young generation grows in steps, up to 32 MiB, unless it is kept small.
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
