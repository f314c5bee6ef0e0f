import { SHAPE_KINDS, type ShapeKind } from '@taggerjs/datasets';

import { ELEMENTS, SIDE, within, type Drawing } from './images/drawing';
import { MODEL_KINDS, type ModelName } from './models/model-kinds';
import { TEXTURE_SAMPLES } from './images/textures';

/** What decides what the page shows; it is in the page's address. */
export interface Settings {
  readonly model: ModelName;
  /** What is drawn; with the model of Shapes. */
  readonly drawing: Drawing;
  /** Which image of textured digits; with their model. */
  readonly sample: number;
  /** How much noise there is before the model sees the image: of the kind and in the range of the model's kind. */
  readonly noise: number;
  /** Number of groups K. */
  readonly groups: number;
  /** Number of iterations T. */
  readonly iterations: number;
  /** Seed of the initial assignment and of the noise. */
  readonly seed: number;
}

/** The least and the largest of each number. */
export const RANGES = {
  sample: [0, TEXTURE_SAMPLES - 1],
  groups: [1, 8],
  iterations: [1, 20],
  seed: [0, 9999],
} as const;

/** The settings of a page whose address says nothing; with another model, the number of groups is that of its kind. */
export const DEFAULTS: Omit<Settings, 'drawing'> = {
  model: 'shapes',
  sample: 0,
  noise: 0,
  groups: MODEL_KINDS.shapes.groups,
  iterations: 5,
  seed: 0,
};

const LETTERS: Readonly<Record<ShapeKind, string>> = { square: 's', upTriangle: 'u', downTriangle: 'd' };
const SHAPE = /^([sud])(\d{1,2})\.(\d{1,2})$/;

/** Settings as what follows the `#` of an address. Numbers that are the default are left out. */
export function settingsToHash({ model, drawing, sample, ...numbers }: Settings): string {
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
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== usual[name as keyof typeof usual]) parameters.set(name, String(value));
  }
  return parameters.toString();
}

/**
 * The settings of an address; what it does not say, or says wrongly, is undefined. Only the number of groups is then that of the
 * model, where it names one.
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

/** The image of 400 bits in base64 for addresses. */
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
