export { groupFigure, type GroupFigureOptions } from './figures/group-figure';
export { exampleFigure, type ExampleFigureOptions } from './figures/example-figure';
export type { GroupExample, GroupIteration, GroupView } from './group-example';
export {
  examplesFromGrouping,
  type BatchGrouping,
  type ExamplesFromGroupingOptions,
} from './figures/examples-from-grouping';
export { curveFigure, type CurveFigureOptions, type CurveSeries } from './figures/curve-figure';
export { confusionFigure, type ConfusionFigureOptions } from './figures/confusion-figure';
export { terminalPreview, type TerminalPreviewOptions } from './terminal/terminal-preview';
export type { TerminalColor } from './terminal/ansi';
export { groupColor, palette } from './palette';
export { escapeXml } from './svg/svg';
export type { FigureGround, Theme } from './svg/theme';
export type { ValueRange } from './value-range';
export { VizError, type VizErrorCode } from './viz-error';
