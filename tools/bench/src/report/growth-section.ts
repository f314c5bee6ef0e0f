import { matmulFlops } from '../matmul-flops';
import { median } from '../median';
import type { GrowthAxis, GrowthRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, present } from './numbers';

const SYMBOLS: Readonly<Record<GrowthAxis, string>> = { groups: 'K', iterations: 'T', batch: 'B', inputSize: 'N' };

/** Time and memory by K, T, B and N. */
export function growthSection({ settings, results }: GrowthRun): string {
  const rows = results.map((result) => {
    const milliseconds = median(present(result.milliseconds));
    const flops = matmulFlops({ ...settings, [result.axis]: result.value });
    return [
      `${SYMBOLS[result.axis]} = ${result.value}`,
      result.name,
      String(result.threads),
      figure(milliseconds),
      figure(flops / milliseconds / 1e6),
      String(result.wasmHeapMiB ?? '–'),
      String(result.peakRssMiB ?? '–'),
    ];
  });
  return markdownTable(
    [
      { heading: 'size' },
      { heading: 'variant' },
      { heading: 'threads', numeric: true },
      { heading: 'ms per step', numeric: true },
      { heading: 'GFLOP/s', numeric: true },
      { heading: 'WASM heap, MiB', numeric: true },
      { heading: 'peak RSS, MiB', numeric: true },
    ],
    rows,
  );
}
