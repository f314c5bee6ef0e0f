import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { transferParameters, type Tagger } from '@taggerjs/tagger';

import { ExperimentError } from '../errors';
import { loadModel } from './load-model';
import type { RunSource } from './run-config';
import { openRunFolder } from './run-folder';

/**
 * Takes the parameters of a trained model over into a fresh one, as far as it has them.
 *
 * @param given folder of a run, or a model file
 * @throws ExperimentError `FILE` or `RUN_FOLDER` where there is no model; `INVALID_OPTION` where it does not fit, naming every tensor
 */
export async function transferFrom(given: string, target: Tagger): Promise<RunSource> {
  const { tagger: source } = await loadModel(given);
  try {
    const model = await modelFileOf(given);
    const fresh = topScale(source.config.core, target.config.core);
    const transfer = await transferParameters(source, target, { fresh }).catch((cause: Error) => {
      throw new ExperimentError(
        'INVALID_OPTION',
        `--from ${given}: ${cause.message.replace(/^transferParameters: /, '')}`,
        { cause },
      );
    });
    return { model, sha256: await checksum(model), ...transfer, differences: differencesOf(source, target) };
  } finally {
    source.dispose();
  }
}

/**
 * The same for a run that was cut off before its first checkpoint, and begins anew.
 *
 * @throws ExperimentError `RUN_FOLDER` where the file is gone, or is another one than when the run began
 */
export async function transferAgain({ model, sha256 }: RunSource, target: Tagger): Promise<void> {
  const exists = await stat(model).catch(() => undefined);
  if (exists === undefined || (await checksum(model)) !== sha256) {
    throw new ExperimentError(
      'RUN_FOLDER',
      `The run began from '${model}', which is ${exists ? 'another file now' : 'gone'}, and has no checkpoint yet. Begin ` +
        'another run with `tagger train --from`.',
    );
  }
  await transferFrom(model, target);
}

/**
 * What has to begin anew where layers come on top of a Ladder: the scale of its top softmax, which moves up with the top.
 */
function topScale(source: object, target: object): string[] {
  const [below, above] = [ladderSizes(source), ladderSizes(target)];
  if (below === undefined || above === undefined || below.length >= above.length) return [];
  return below.every((size, layer) => size === above[layer]) ? ['ladder/c'] : [];
}

function ladderSizes(core: object): readonly number[] | undefined {
  const { mapping } = core as { mapping?: { type?: unknown; sizes?: readonly number[] } };
  return mapping?.type === 'ladder' ? mapping.sizes : undefined;
}

/** The values in which two configurations differ, but for the sizes of layers, of which the tensors tell. */
function differencesOf(source: Tagger, target: Tagger): RunSource['differences'] {
  const [then, now] = [flat(source.config), flat(target.config)];
  const differences: Record<string, readonly [unknown, unknown]> = {};
  for (const path of new Set([...then.keys(), ...now.keys()])) {
    if (/(^|\.)(sizes|classes)$/.test(path)) continue;
    const [a, b] = [then.get(path), now.get(path)];
    if (JSON.stringify(a) !== JSON.stringify(b)) differences[path] = [a ?? null, b ?? null];
  }
  return differences;
}

function flat(value: object, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  for (const [key, inner] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) flat(inner, here, into);
    else into.set(here, inner);
  }
  return into;
}

/** The model file that a run's folder, or its own path, names. */
async function modelFileOf(given: string): Promise<string> {
  return (await stat(given)).isDirectory() ? (await openRunFolder(given)).model : resolve(given);
}

/**
 * Checksum of the model file of a run, or of a model file, that parameters can be taken from.
 *
 * @returns SHA-256, hexadecimal
 * @throws ExperimentError `FILE` or `RUN_FOLDER` where there is no model
 */
export async function checksumOfModel(given: string): Promise<string> {
  const { tagger } = await loadModel(given);
  tagger.dispose();
  return checksum(await modelFileOf(given));
}

async function checksum(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
