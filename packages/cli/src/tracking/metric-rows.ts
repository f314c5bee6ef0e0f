/** The metrics of a step by name, such as `cost` or `evaluation/ami/3`. */
export interface MetricRow {
  readonly step: number;
  /** Seconds of training so far. */
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The records of a run's metrics as rows, in order: steps and evaluations. */
export function metricRows(records: readonly Readonly<Record<string, unknown>>[]): MetricRow[] {
  return records.flatMap((record) => {
    const { type, step, seconds } = record as { type: string; step: number; seconds?: number };
    const values: Record<string, number> = {};
    if (type === 'step') {
      const { cost, costs, classificationCost, learningRate, gradientNorm } = record as Record<string, number> & {
        costs?: number[];
      };
      for (const [name, value] of Object.entries({ cost, classificationCost, learningRate, gradientNorm })) {
        if (typeof value === 'number') values[`training/${name}`] = value;
      }
      costs?.forEach((value, i) => (values[`training/cost/${i + 1}`] = value));
    } else if (type === 'evaluation') {
      const { iterations = [] } = record as { iterations?: Record<string, unknown>[] };
      for (const name of ['classificationError', 'classificationCost']) {
        const value = record[name];
        if (typeof value === 'number') values[`evaluation/${name}`] = value;
      }
      for (const [i, scores] of iterations.entries()) {
        for (const [name, value] of Object.entries(scores)) {
          if (name !== 'iteration' && typeof value === 'number') values[`evaluation/${name}/${i + 1}`] = value;
        }
      }
    } else return [];
    return [{ step, seconds: seconds ?? 0, values }];
  });
}

/** Rows as CSV (RFC 4180): a column per name, empty if a row has no value. */
export function metricsCsv(rows: readonly MetricRow[]): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const lines = rows.map(({ step, seconds, values }) =>
    [step, seconds, ...names.map((name) => values[name] ?? '')].join(','),
  );
  return [['step', 'seconds', ...names].join(','), ...lines].join('\n');
}
