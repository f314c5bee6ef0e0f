import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { transferParameters, type Tagger } from '@taggerjs/tagger';

import { ExperimentError } from '../../errors';
import type { ExperimentModel } from '../../model/experiment-model';
import { openModel } from './open-model';
import type { RunSource } from './run-config';
import { openRunFolder } from './run-folder';

/**
 * Copies the parameters of a trained model to a new model.
 *
 * @param path folder of a run, or a model file
 * @param target the new model
 * @throws ExperimentError `FILE`, `RUN_FOLDER` or `INPUT` if the path has no model; `INVALID_OPTION` if one of the
 *   two is a classifier, or the models do not fit. The message lists the tensors
 */
export async function transferFrom(path: string, target: ExperimentModel): Promise<RunSource> {
  const to = requireTagger(target, 'the recipe describes');
  const { model: opened } = await openModel(path);
  try {
    const from = requireTagger(opened, `'${path}' is`);
    const model = await modelFileOf(path);
    const fresh = topScale(from.config.core, to.config.core);
    const transfer = await transferParameters(from, to, { fresh }).catch((cause: Error) => {
      const reason = cause.message.replace(/^transferParameters: /, '');
      throw new ExperimentError('INVALID_OPTION', `'${path}' does not fit the recipe: ${reason}`, { cause });
    });
    return { model, sha256: await checksum(model), ...transfer, differences: differencesOf(from, to) };
  } finally {
    opened.dispose();
  }
}

/**
 * Repeats the transfer for a run that stopped before its first checkpoint.
 *
 * @throws ExperimentError `RUN_FOLDER` if the model file is gone or has changed since the run started
 */
export async function transferAgain({ model, sha256 }: RunSource, target: ExperimentModel): Promise<void> {
  const exists = await stat(model).catch(() => undefined);
  if (exists === undefined || (await checksum(model)) !== sha256) {
    throw new ExperimentError(
      'RUN_FOLDER',
      `The run starts from '${model}', which ${exists ? 'has changed' : 'is gone'}, and has no checkpoint yet. Start a new run.`,
    );
  }
  await transferFrom(model, target);
}

/**
 * Computes the checksum of a model that a run can start from.
 *
 * @param path folder of a run, or a model file
 * @returns SHA-256 of the model file, in hexadecimal
 * @throws ExperimentError `FILE`, `RUN_FOLDER` or `INPUT` if there is no model
 */
export async function modelChecksum(path: string): Promise<string> {
  const { model } = await openModel(path);
  try {
    requireTagger(model, `'${path}' is`);
    return await checksum(await modelFileOf(path));
  } finally {
    model.dispose();
  }
}

function requireTagger(model: ExperimentModel, whose: string): Tagger {
  if (model.kind === 'tagger') return model.tagger;
  throw new ExperimentError(
    'INVALID_OPTION',
    `Weights can be transferred between Taggers only, and ${whose} a classifier. Leave out the option from.`,
  );
}

/** With new layers on top of a Ladder, the scale of the old top softmax does not apply, because the top layer is different. */
function topScale(source: object, target: object): string[] {
  const [below, above] = [ladderSizes(source), ladderSizes(target)];
  if (below === undefined || above === undefined || below.length >= above.length) return [];
  return below.every((size, layer) => size === above[layer]) ? ['ladder/c'] : [];
}

function ladderSizes(core: object): readonly number[] | undefined {
  const { mapping } = core as { mapping?: { type?: unknown; sizes?: readonly number[] } };
  return mapping?.type === 'ladder' ? mapping.sizes : undefined;
}

/** The differences between two configurations, except layer sizes, which the transferred tensors already show. */
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

async function modelFileOf(path: string): Promise<string> {
  return (await stat(path)).isDirectory() ? (await openRunFolder(path)).modelFile : resolve(path);
}

async function checksum(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
