import { matmulFlops, weightBytes } from '../matmul-flops';
import { median, medianRatio } from '../median';
import type { InferenceRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, present } from './numbers';
import { stepsTable } from './steps-section';

/** Inference of one input, compared with the time to read the weights. */
export function inferenceSection({ settings, results, bounds }: InferenceRun): string {
  const bytes = weightBytes(settings) * settings.iterations;
  const rows = bounds.map(({ threads, milliseconds }) => {
    const bound = median(present(milliseconds));
    const fastest = results.find((result) => result.threads === threads && !result.name.startsWith('peer'));
    const ratio = fastest === undefined ? NaN : medianRatio(fastest.milliseconds, milliseconds);
    return [String(threads), figure(bound), figure(bytes / bound / 1e6), fastest?.name ?? '–', figure(ratio)];
  });
  return (
    stepsTable(results, matmulFlops(settings), 'inference') +
    `\nThe weight matrices take ${figure(weightBytes(settings) / 2 ** 20)} MiB, and each of the ${settings.iterations} ` +
    `iterations reads them once. Reading that much memory alone takes:\n\n` +
    markdownTable(
      [
        { heading: 'threads', numeric: true },
        { heading: 'bound, ms', numeric: true },
        { heading: 'GB/s', numeric: true },
        { heading: 'variant' },
        { heading: 'variant / bound', numeric: true },
      ],
      rows,
    )
  );
}
