import { CliError } from '../errors';

/**
 * Refuses options that would have no effect on a run of a classifier.
 *
 * @param given the run, as it was named
 * @param options by name; undefined where they were not given
 * @throws CliError `USAGE`
 */
export function refuseForClassifier(given: string, options: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(options).filter((name) => options[name] !== undefined);
  if (names.length === 0) return;
  throw new CliError(
    'USAGE',
    `'${given}' is a classifier, which has no groups and no iterations, and is not measured by chance: leave out ` +
      `${names.map((name) => `--${name}`).join(' and ')}.`,
  );
}
