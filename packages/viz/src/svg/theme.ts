import { VizError } from '../viz-error';

/** Background of a figure. */
export type Theme = 'light' | 'dark';

/** Background options of every figure. */
export interface FigureGround {
  /** Background. @default 'light' */
  readonly theme?: Theme | undefined;
  /** Omits the background, for pages that have their own. @default false */
  readonly transparent?: boolean | undefined;
}

/** The colors of everything except the data. */
export interface ThemeColors {
  /** Background. */
  readonly background: string;
  /** Titles, labels, values. */
  readonly text: string;
  /** Captions, ticks, notes. */
  readonly muted: string;
  /** Frames, axes. */
  readonly line: string;
  /** Grid lines and empty tracks. */
  readonly faint: string;
  /** Filled part of a bar. */
  readonly accent: string;
  /**
   * The order in which curves use the palette: the colors most visible on the background come first.
   */
  readonly curveOrder: readonly number[];
}

const THEMES: Readonly<Record<Theme, ThemeColors>> = {
  light: {
    background: '#ffffff',
    text: '#1a1f26',
    muted: '#5c6673',
    line: '#b4bcc6',
    faint: '#e6e9ed',
    accent: '#5c6673',
    curveOrder: [3, 1, 5, 4, 0, 6, 7, 2],
  },
  dark: {
    background: '#12161c',
    text: '#e8ebef',
    muted: '#9aa5b3',
    line: '#4a5462',
    faint: '#272e38',
    accent: '#9aa5b3',
    curveOrder: [0, 1, 2, 5, 4, 6, 3, 7],
  },
};

/**
 * The colors of a theme.
 *
 * @throws VizError `INVALID_OPTION` for an unknown theme
 */
export function themeColors(theme: Theme): ThemeColors {
  if (!Object.hasOwn(THEMES, theme)) {
    throw new VizError('INVALID_OPTION', `theme: expected 'light' or 'dark', got ${JSON.stringify(theme)}.`);
  }
  return THEMES[theme];
}
