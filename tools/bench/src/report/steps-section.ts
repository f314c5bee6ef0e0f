import { matmulFlops } from '../matmul-flops';
import { median, medianRatio } from '../median';
import type { StepResult, StepsRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, present } from './numbers';

/** Training steps: times, and ratios to the first contestant. */
export function stepsSection(run: StepsRun): string {
  return stepsTable(run.results, matmulFlops(run.settings), 'step');
}

/** A table of contestants; times as `what` takes. */
export function stepsTable(results: readonly StepResult[], flops: number, what: string): string {
  const [first] = results;
  const rows = results.map((result) => {
    const times = present(result.milliseconds);
    const middle = median(times);
    return [
      result.name,
      String(result.threads),
      figure(middle),
      `${figure(Math.min(...times))} – ${figure(Math.max(...times))}`,
      figure(flops / middle / 1e6),
      figure(medianRatio(first?.milliseconds ?? [], result.milliseconds)),
      result.peakRssMiB === null ? '–' : String(result.peakRssMiB),
      result.wasmHeapMiB === null ? '–' : String(result.wasmHeapMiB),
    ];
  });
  const table = markdownTable(
    [
      { heading: 'variant' },
      { heading: 'threads', numeric: true },
      { heading: `ms per ${what}`, numeric: true },
      { heading: 'range', numeric: true },
      { heading: 'GFLOP/s', numeric: true },
      { heading: 'first / this', numeric: true },
      { heading: 'peak RSS, MiB', numeric: true },
      { heading: 'WASM heap, MiB', numeric: true },
    ],
    rows,
  );
  return `${table}\n${descriptions(results)}`;
}

/** The contestants' descriptions of themselves, each name once. */
function descriptions(results: readonly StepResult[]): string {
  const firsts = results.filter(({ name }, i) => results.findIndex((other) => other.name === name) === i);
  return firsts.map(({ name, description }) => `- ${name}: ${description}\n`).join('');
}
