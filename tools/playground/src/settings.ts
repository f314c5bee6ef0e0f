import { SHAPE_KINDS, type ShapeKind } from '@taggerjs/datasets';

import { ELEMENTS, SIDE, within, type Drawing } from './images/drawing';
import type { GroupView } from './images/paint';
import { MODEL_KINDS, type ModelName } from './models/model-kinds';
import { TEXTURE_SAMPLES } from './images/textures';

/** The settings of the page, stored in its URL. */
export interface Settings {
  readonly model: ModelName;
  /** The drawing, for the Shapes model. */
  readonly drawing: Drawing;
  /** Index of the image, for the textured-digits model. */
  readonly sample: number;
  /** Amount of noise; see `noise` and `noiseRange` in `MODEL_KINDS`. */
  readonly noise: number;
  /** Number of groups K. */
  readonly groups: number;
  /** Number of iterations T. */
  readonly iterations: number;
  /** Seed of the initial assignment and of the noise. */
  readonly seed: number;
  /** How all groups are drawn at once. */
  readonly view: GroupView;
}

/** Minimum and maximum of each number. */
export const RANGES = {
  sample: [0, TEXTURE_SAMPLES - 1],
  groups: [1, 8],
  iterations: [1, 20],
  seed: [0, 9999],
} as const;

/** Settings for a URL without any. For another model, `groups` is the default of its kind. */
export const DEFAULTS: Omit<Settings, 'drawing'> = {
  model: 'shapes',
  sample: 0,
  noise: 0,
  groups: MODEL_KINDS.shapes.groups,
  iterations: 5,
  seed: 0,
  view: 'blend',
};

const LETTERS: Readonly<Record<ShapeKind, string>> = { square: 's', upTriangle: 'u', downTriangle: 'd' };
const SHAPE = /^([sud])(\d{1,2})\.(\d{1,2})$/;

/** Settings as a URL hash, without `#`. Omits defaults. */
export function settingsToHash({ model, drawing, sample, ...others }: Settings): string {
  const parameters = new URLSearchParams();
  if (model === 'shapes') {
    const shapes = drawing.shapes.map(({ kind, row, column }) => `${LETTERS[kind]}${row}.${column}`);
    parameters.set('shapes', shapes.join('-'));
    if (drawing.turned.length > 0) parameters.set('pen', bitsToText(drawing.turned));
  } else {
    parameters.set('model', model);
    parameters.set('sample', String(sample));
  }
  const usual = { ...DEFAULTS, groups: MODEL_KINDS[model].groups };
  for (const [name, value] of Object.entries(others)) {
    if (value !== usual[name as keyof typeof usual]) parameters.set(name, String(value));
  }
  return parameters.toString();
}

/**
 * The settings in a URL hash. Missing and invalid settings are undefined, except that `groups` is the default of the model if the
 * hash names one.
 */
export function settingsFromHash(hash: string): Partial<Settings> {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const settings: { -readonly [name in keyof Settings]?: Settings[name] } = {};
  const shapes = parameters.get('shapes');
  if (shapes !== null) {
    settings.model = 'shapes';
    settings.drawing = { shapes: parseShapes(shapes), turned: textToBits(parameters.get('pen')) };
  }
  if (parameters.get('model') === 'textures') settings.model = 'textures';
  if (settings.model !== undefined) settings.groups = MODEL_KINDS[settings.model].groups;
  const view = parameters.get('view');
  if (view === 'blend' || view === 'winner') settings.view = view;
  const ranges = { ...RANGES, noise: MODEL_KINDS[settings.model ?? DEFAULTS.model].noiseRange };
  for (const name of ['sample', 'noise', 'groups', 'iterations', 'seed'] as const) {
    const text = parameters.get(name);
    const value = Number(text);
    const [least, largest] = ranges[name];
    if (text === null || text === '' || !(value >= least && value <= largest)) continue;
    if (name !== 'noise' && !Number.isInteger(value)) continue;
    settings[name] = value;
  }
  return settings;
}

function parseShapes(text: string): Drawing['shapes'] {
  return text.split('-').flatMap((part) => {
    const [, letter, row, column] = SHAPE.exec(part) ?? [];
    const kind = SHAPE_KINDS.find((kind) => LETTERS[kind] === letter);
    return kind === undefined ? [] : [within({ kind, row: Number(row), column: Number(column) })];
  });
}

/** 400 bits in URL-safe base64. */
function bitsToText(elements: readonly number[]): string {
  const bytes = new Uint8Array(ELEMENTS / 8);
  for (const element of elements) bytes[element >> 3]! |= 1 << (element & 7);
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function textToBits(text: string | null): number[] {
  let bytes: string;
  try {
    bytes = atob((text ?? '').replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return [];
  }
  const isTurned = (element: number) => ((bytes.charCodeAt(element >> 3) || 0) >> (element & 7)) & 1;
  return Array.from({ length: SIDE * SIDE }, (_, element) => element).filter(isTurned);
}
