import { SHAPE_KINDS, type Dataset } from '@taggerjs/datasets';
import { exampleFigure } from '@taggerjs/viz';
import { renderPng } from '@taggerjs/viz/node';
import { writeFileAtomic } from '@taggerjs/weights/node';

import { CliError } from '../errors';
import { imageShape } from '../images/image-shape';

/** Names of the segments and labels of a dataset. */
const NAMES: Readonly<Record<string, { readonly segments?: readonly string[]; readonly labels?: readonly string[] }>> =
  {
    shapes: { segments: ['First shape', 'Second shape', 'Third shape'], labels: SHAPE_KINDS },
    tetrominoes: { segments: ['Background', 'First', 'Second', 'Third'] },
    'multi-dsprites': { segments: ['Background'] },
    'texture-mnist-1': { segments: ['Background', 'Digit'] },
    'texture-mnist-2': { segments: ['Background', 'Lower digit', 'Upper digit'] },
  };

/**
 * Draws the first examples of a dataset, each with its true segments and labels.
 *
 * @param path must end in .svg or .png
 * @throws CliError `USAGE` for any other extension
 */
export async function writeDataPicture(
  path: string,
  { dataset, kind, count }: { readonly dataset: Dataset; readonly kind: string; readonly count: number },
): Promise<void> {
  const { size } = dataset;
  if (!Number.isInteger(count) || count < 1) {
    throw new CliError('USAGE', `--examples takes a whole number of at least 1, not ${count}.`);
  }
  const [format] = /\.(svg|png)$/.exec(path) ?? [];
  if (format === undefined) {
    throw new CliError('USAGE', `--picture takes an .svg or .png file, such as ${kind}.svg, not '${path}'.`);
  }
  const shown = Math.min(count, size);
  const { inputs, segments, labels } = await dataset.examples(Array.from({ length: shown }, (_, i) => i));
  const rowOf = <T extends Float32Array | Uint8Array>(values: T, i: number) =>
    values.slice((i * values.length) / shown, ((i + 1) * values.length) / shown) as T;
  const names = NAMES[kind];
  const svg = exampleFigure({
    inputShape: imageShape(dataset.inputShape),
    examples: Array.from({ length: shown }, (_, i) => ({
      input: rowOf(inputs, i),
      ...(segments && { segments: rowOf(segments, i) }),
      ...(labels && { label: Array.from(rowOf(labels, i), (label) => names?.labels?.[label] ?? label).join(', ') }),
    })),
    ...(names?.segments && { segmentLabels: names.segments }),
    title: `${kind}, the first ${shown} test images`,
  });
  await writeFileAtomic(path, format === '.svg' ? svg : await renderPng(svg, { scale: 2 }));
}
