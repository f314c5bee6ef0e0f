import { median } from '../median';
import type { ProfileParts } from '../profile-parts';
import type { ProfileRun } from '../run';
import { markdownTable } from './markdown-table';
import { figure, percent } from './numbers';

/** The number of listed kernels. */
const LISTED = 12;

/** How a step's time divides up. */
export function profileSection({ results }: ProfileRun): string {
  const shares = markdownTable(
    [
      { heading: 'variant' },
      { heading: 'threads', numeric: true },
      { heading: 'ms per step', numeric: true },
      { heading: 'matrix products', numeric: true },
      { heading: 'element-wise kernels', numeric: true },
      { heading: 'outside of kernels', numeric: true },
    ],
    results.map(({ name, threads, parts }) => [
      name,
      String(threads),
      figure(median(parts.map(total))),
      ...(['products', 'elementWise', 'outside'] as const).map((part) => percent(partShare(parts, part))),
    ]),
  );
  const [first] = results;
  if (first === undefined) return shares;
  const kernels = markdownTable(
    [{ heading: 'kernel' }, { heading: 'ms per step', numeric: true }, { heading: 'calls', numeric: true }],
    first.kernels.slice(0, LISTED).map(({ name, milliseconds, calls }) => [name, figure(milliseconds), String(calls)]),
  );
  return `${shares}\nThe slowest kernels of ${first.name} with ${first.threads} threads:\n\n${kernels}`;
}

/** The median share of a part. */
export function partShare(parts: readonly ProfileParts[], part: keyof ProfileParts): number {
  return median(parts.map((one) => one[part] / total(one)));
}

function total({ products, elementWise, outside }: ProfileParts): number {
  return products + elementWise + outside;
}
