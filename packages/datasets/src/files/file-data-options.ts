import { DatasetError } from '../errors';
import { requireShape } from '../options';

/** How the numbers of a file are taken. */
export interface FileDataOptions {
  /** Shape of an example, of as many elements as in the file. @default the file's, without axes of length 1 at its ends */
  readonly inputShape?: readonly number[];
  /** What inputs are multiplied by. @default 1/255 for bytes if one is above 1, or else 1 */
  readonly scale?: number;
  /** Inputs (scaled) of at least it become 1, all others 0. @default none */
  readonly threshold?: number;
  /** Fractions, in (0, 1), that are held out where the file has no such part. @default 0.1 each */
  readonly holdOut?: { readonly validation?: number; readonly test?: number };
  /** Seed of the choice of what is held out. @default 0 */
  readonly seed?: number | string;
  /** Elements whose largest mask is at most it have segment 255, where a file has masks. @default 0.9 */
  readonly ignoreUpTo?: number;
}

export const fractionsOf = ({ holdOut = {} }: FileDataOptions) =>
  ({ validation: holdOut.validation ?? 0.1, test: holdOut.test ?? 0.1 }) as const;

/**
 * Refuses options that are out of range: before a file is read, which may take its time.
 *
 * @throws DatasetError `INVALID_OPTION`
 */
export function checkFileOptions(file: string, options: FileDataOptions): void {
  const refuse = (option: string, range: string, value: unknown) =>
    new DatasetError('INVALID_OPTION', `${file}: ${option} must be ${range}; got ${String(value)}.`);
  for (const [split, fraction] of Object.entries(fractionsOf(options)))
    if (!(fraction > 0 && fraction < 1)) throw refuse(`holdOut.${split}`, 'a number above 0 and below 1', fraction);
  const { inputShape, scale = 1, threshold = 0, ignoreUpTo = 0 } = options;
  if (inputShape !== undefined) requireShape(file, inputShape);
  for (const [option, value] of Object.entries({ scale, threshold }))
    if (!Number.isFinite(value)) throw refuse(option, 'a finite number', value);
  if (!(ignoreUpTo >= 0 && ignoreUpTo < 1))
    throw refuse('ignoreUpTo', 'a number of at least 0 and below 1', ignoreUpTo);
}
