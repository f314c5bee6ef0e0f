/** The measures of grouping by key, with the names that papers use, in the order of tables. */
export const GROUPING_MEASURES = [
  ['ami', 'AMI'],
  ['ariForeground', 'ARI-FG'],
  ['ari', 'ARI'],
  ['mbo', 'mBO'],
  ['msc', 'mSC'],
] as const;

/** The key of a measure of grouping. */
export type GroupingMeasure = (typeof GROUPING_MEASURES)[number][0];
