export { groupFigure, type GroupFigureOptions } from './group-figure';
export type { GroupExample, GroupIteration } from './group-example';
export { curveFigure, type CurveFigureOptions, type CurveSeries } from './curve-figure';
export { terminalPreview, type TerminalPreviewOptions } from './terminal-preview';
export type { TerminalColor } from './ansi';
export { groupColor, palette } from './palette';
export type { Theme } from './theme';
export type { ValueRange } from './raster';
export { VizError, type VizErrorCode } from './viz-error';
