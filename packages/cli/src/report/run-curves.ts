import { curveFigure, type CurveSeries } from '@taggerjs/viz';

import type { ReportFigure } from './page';

type Records = readonly Readonly<Record<string, unknown>>[];

interface StepRecord {
  readonly step: number;
  readonly cost: number;
  readonly classificationCost?: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
}

interface EvaluationRecord {
  readonly step: number;
  readonly iterations?: readonly {
    readonly cost: number;
    readonly ami?: number;
    readonly ariForeground?: number;
    readonly groupsUsed: number;
  }[];
  readonly classificationError?: number;
}

const STEPS = { xLabel: 'Step', width: 560, plotHeight: 220 } as const;

/** Figures of the recorded metrics of a run: costs, AMI, errors and optimizer. */
export function runCurves(records: Records): ReportFigure[] {
  const steps = records.filter(({ type }) => type === 'step') as unknown as readonly StepRecord[];
  const evaluations = records.filter(({ type }) => type === 'evaluation') as unknown as readonly EvaluationRecord[];
  const ofSteps = (value: (record: StepRecord) => number | undefined) => ({
    x: steps.map(({ step }) => step),
    y: steps.map((record) => value(record) ?? NaN),
  });
  const ofEvaluations = (value: (record: EvaluationRecord) => number | undefined) => ({
    x: evaluations.map(({ step }) => step),
    y: evaluations.map((record) => value(record) ?? NaN),
  });
  const last = evaluations.at(-1)?.iterations?.length ?? 0;
  // With few steps, smoothing would show little more than the first one.
  const smoothing = steps.length > 200 ? 0.98 : 0;

  return [
    drawn('denoising-cost', 'Denoising cost', 'Cost per element, nats', [
      { name: 'training', ...ofSteps(({ cost }) => cost), smoothing, markers: false },
      ...(last > 0
        ? [{ name: `held out, iteration ${last}`, ...ofEvaluations(({ iterations }) => iterations?.at(-1)?.cost) }]
        : []),
    ]),
    ...(
      [
        ['ami', 'AMI', 'ami'],
        ['ari-foreground', 'ARI-FG', 'ariForeground'],
      ] as const
    ).map(([name, title, measure]) =>
      drawn(
        name,
        `${title} on held-out examples`,
        title,
        Array.from({ length: last }, (_, i) => ({
          name: `iteration ${i + 1}`,
          ...ofEvaluations(({ iterations }) => iterations?.[i]?.[measure]),
        })),
      ),
    ),
    drawn('classification-error', 'Classification error on held-out examples', 'Share of classes missed', [
      { name: 'held out', ...ofEvaluations(({ classificationError }) => classificationError) },
    ]),
    drawn('classification-cost', 'Classification cost', 'Nats', [
      { name: 'training', ...ofSteps(({ classificationCost }) => classificationCost), smoothing, markers: false },
    ]),
    drawn(
      'groups-in-use',
      'Groups in use',
      'Groups',
      last > 0
        ? [{ name: `iteration ${last}`, ...ofEvaluations(({ iterations }) => iterations?.at(-1)?.groupsUsed) }]
        : [],
    ),
    drawn('gradient-norm', 'Norm of the gradients', 'Norm', [
      { name: 'all gradients', ...ofSteps(({ gradientNorm }) => gradientNorm), smoothing, markers: false },
    ]),
    drawn('learning-rate', 'Learning rate', 'Learning rate', [
      { name: 'Adam', ...ofSteps(({ learningRate }) => learningRate), markers: false },
    ]),
  ].flatMap((drawing) => drawing ?? []);
}

/** A figure of all curves with at least two points, if any. */
function drawn(name: string, title: string, yLabel: string, all: readonly CurveSeries[]): ReportFigure | undefined {
  const series = all.filter(({ y }) => Array.from(y).filter((value) => Number.isFinite(value)).length > 1);
  if (series.length === 0) return undefined;
  return {
    name,
    description: `${title} over the steps: ${series.map(({ name }) => name).join(', ')}`,
    draw: (ground) => curveFigure({ ...STEPS, title, yLabel, series, ...ground }),
  };
}
