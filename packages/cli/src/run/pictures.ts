import type { ClassifiedExample } from '@taggerjs/experiment';

import type { GroupedExample } from '@taggerjs/train';
import {
  curveFigure,
  exampleFigure,
  groupFigure,
  terminalPreview,
  type GroupExample,
  type GroupView,
} from '@taggerjs/viz';
import { renderPng } from '@taggerjs/viz/node';
import { writeFileAtomic } from '@taggerjs/weights/node';

import { imageShape } from '../images/image-shape';
import type { Output } from '../terminal/output';
import { classesInWords } from '../scores/ranked-classes';

/** Largest side of a PNG image that common programs can open. */
const LARGEST_SIDE = 16_384;

/**
 * Writes an SVG file and the same picture as PNG next to it.
 *
 * @param options `scale`: pixels per unit, reduced if the picture would be too large
 * @returns the paths
 */
export async function writeBoth(path: string, svg: string, { scale = 2 } = {}): Promise<string[]> {
  const [width = 1, height = 1] = ['width', 'height'].map((side) =>
    Number(new RegExp(`${side}="([^"]+)"`).exec(svg)?.[1]),
  );
  await writeFileAtomic(`${path}.svg`, svg);
  const fitting = Math.min(scale, LARGEST_SIDE / Math.max(width, height));
  await writeFileAtomic(`${path}.png`, await renderPng(svg, { scale: fitting }));
  return [`${path}.svg`, `${path}.png`];
}

/** An example and its index in the data. */
export interface Placed<Example> {
  readonly index: number;
  readonly example: Example;
}

/** The predicted classes of an example as a caption; undefined if the model does not classify. */
export function classCaption({ classPosterior, labels }: GroupedExample): string | undefined {
  return classPosterior && `class ${classesInWords(classPosterior, labels)}`;
}

/** Draws examples with their groups and classes. @returns the paths, SVG first */
export function writeGroupFigure(
  path: string,
  examples: readonly GroupedExample[],
  {
    inputShape,
    ...options
  }: { readonly inputShape: readonly number[]; readonly title: string; readonly view?: GroupView | undefined },
): Promise<string[]> {
  const labeled = examples.map((example) => ({ ...example, label: classCaption(example) }));
  return writeBoth(path, groupFigure({ inputShape: imageShape(inputShape), examples: labeled, ...options }));
}

/** Panels of examples, captioned with the predicted and the true classes. */
export function classifiedPanels(
  examples: readonly Placed<ClassifiedExample>[],
  split: string,
): { readonly input: Float32Array; readonly label: string }[] {
  return examples.map(({ index, example: { input, classPosterior, labels } }) => ({
    input,
    label: `${split} ${index}: ${classesInWords(classPosterior, labels)}`,
  }));
}

/** Draws examples with their classes. @returns the paths, SVG first */
export function writeClassesFigure(
  path: string,
  examples: readonly Placed<ClassifiedExample>[],
  {
    inputShape,
    title,
    split,
  }: { readonly inputShape: readonly number[]; readonly title: string; readonly split: string },
): Promise<string[]> {
  const panels = classifiedPanels(examples, split);
  return writeBoth(path, exampleFigure({ inputShape: imageShape(inputShape), examples: panels, title }));
}

/** Draws cost and AMI over the steps, from a run's metrics. @returns the paths written, or none without metrics */
export async function writeCurves(
  path: string,
  metrics: readonly Readonly<Record<string, unknown>>[],
): Promise<string[]> {
  const written: string[] = [];
  const steps = metrics.filter(({ type }) => type === 'step') as unknown as { step: number; cost: number }[];
  if (steps.length > 1) {
    const series = [{ name: 'training cost', x: steps.map(({ step }) => step), y: steps.map(({ cost }) => cost) }];
    written.push(
      ...(await writeBoth(`${path}-cost`, curveFigure({ series, xLabel: 'step', yLabel: 'denoising cost' }))),
    );
  }
  const evaluations = metrics.filter(({ type }) => type === 'evaluation') as unknown as {
    step: number;
    iterations?: { iteration: number; ami?: number }[];
  }[];
  const [first] = evaluations[0]?.iterations ?? [];
  const count = evaluations[0]?.iterations?.length ?? 0;
  if (evaluations.length > 1 && first?.ami !== undefined) {
    const series = Array.from({ length: count }, (_, i) => ({
      name: `iteration ${i + 1}`,
      x: evaluations.map(({ step }) => step),
      y: evaluations.map(({ iterations }) => iterations?.[i]?.ami as number),
    }));
    written.push(...(await writeBoth(`${path}-ami`, curveFigure({ series, xLabel: 'step', yLabel: 'AMI' }))));
  }
  return written;
}

/** Draws one example in the terminal. */
export function previewExample(
  output: Output,
  example: GroupExample,
  inputShape: readonly number[],
  view?: GroupView,
): void {
  if (output.color === 'none') return;
  output.print(terminalPreview({ inputShape: imageShape(inputShape), example, view, color: output.color }));
}
