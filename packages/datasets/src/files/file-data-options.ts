import { DatasetError } from '../errors';
import { requireShape } from '../options';

/** How to convert the arrays of a file to datasets. */
export interface FileDataOptions {
  /**
   * Shape of an example, with as many elements as in the file. Three axes are [rows, columns, channels]; PNG images are read
   * in color if there are three channels, else in gray.
   *
   * @default the file's, without outer axes of length 1
   */
  readonly inputShape?: readonly number[];
  /** Factor of the inputs. @default 1/255 for bytes if any is above 1, otherwise 1 */
  readonly scale?: number;
  /** Scaled inputs of at least this value become 1, others 0. @default no threshold */
  readonly threshold?: number;
  /** Fractions in (0, 1) to hold out if the file has no such split. @default 0.1 each */
  readonly holdOut?: { readonly validation?: number; readonly test?: number };
  /** Seed of the choice of held-out examples. @default 0 */
  readonly seed?: number | string;
  /** The segment that is background, for the measures that leave it out. @default the array `background`, if any */
  readonly background?: number;
  /** For masks: elements whose largest mask is at most this value have segment 255. @default 0.9 */
  readonly ignoreUpTo?: number;
}

export const fractionsOf = ({ holdOut = {} }: FileDataOptions) =>
  ({ validation: holdOut.validation ?? 0.1, test: holdOut.test ?? 0.1 }) as const;

/**
 * Validates options before a file is read, which may take long.
 *
 * @throws DatasetError `INVALID_OPTION`
 */
export function checkFileOptions(file: string, options: FileDataOptions): void {
  const refuse = (option: string, range: string, value: unknown) =>
    new DatasetError('INVALID_OPTION', `${file}: ${option} must be ${range}; got ${String(value)}.`);
  for (const [split, fraction] of Object.entries(fractionsOf(options)))
    if (!(fraction > 0 && fraction < 1)) throw refuse(`holdOut.${split}`, 'a number above 0 and below 1', fraction);
  const { inputShape, scale = 1, threshold = 0, ignoreUpTo = 0, background = 0 } = options;
  if (inputShape !== undefined) requireShape(file, inputShape);
  for (const [option, value] of Object.entries({ scale, threshold }))
    if (!Number.isFinite(value)) throw refuse(option, 'a finite number', value);
  if (!Number.isInteger(background) || background < 0 || background > 254)
    throw refuse('background', 'the number of a segment, 0 to 254', background);
  if (!(ignoreUpTo >= 0 && ignoreUpTo < 1))
    throw refuse('ignoreUpTo', 'a number of at least 0 and below 1', ignoreUpTo);
}
