import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { loadTagger } from '@taggerjs/experiment';
import type { Tagger } from '@taggerjs/tagger';

import type { ModelCard, PretrainedName } from './model-card';
import { PretrainedError } from './pretrained-error';
import { modelCard, pretrainedUrl } from './pretrained-models';

/** Where to get the weights. */
export interface PretrainedOptions {
  /**
   * URL of a folder with the weights, if you serve them yourself. In browsers it can be relative to the page.
   *
   * @default the folder in this package
   */
  readonly baseUrl?: string | URL;
  /** Aborts fetching. @default none */
  readonly signal?: AbortSignal;
}

/**
 * Reads the weights of a pretrained model and verifies their checksum. `loadTagger` of `@taggerjs/experiment` loads them.
 *
 * @param name the model
 * @param options where to get the weights
 * @returns a safetensors file
 * @throws PretrainedError `UNKNOWN_MODEL` if the name is unknown, `FETCH_FAILED` if the file cannot be read or fetched,
 *   `DAMAGED_FILE` if it is not the file of the model card
 */
export type ReadPretrained = (name: PretrainedName, options?: PretrainedOptions) => Promise<Uint8Array>;

/**
 * Loads a pretrained model. Set up a TensorFlow.js backend first, and call `dispose()` when you no longer need the model.
 *
 * @param name the model
 * @param options where to get the weights
 * @returns the model, ready to group images
 * @throws PretrainedError as {@link ReadPretrained}; TaggerError `NO_BACKEND` if no backend is set up
 */
export type LoadPretrained = (name: PretrainedName, options?: PretrainedOptions) => Promise<Tagger>;

/** Reads the bytes at a URL. Throws if it cannot. */
export type ReadUrl = (url: URL, signal: AbortSignal | undefined) => Promise<Uint8Array>;

/** Reads the bytes at an address with `fetch`. */
export async function fetchUrl(url: URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Creates `readPretrained` for a platform. */
export function createReadPretrained(readUrl: ReadUrl): ReadPretrained {
  return async (name, { baseUrl, signal } = {}) => {
    const card = modelCard(name);
    let url = String(baseUrl);
    let bytes: Uint8Array;
    try {
      const address = baseUrl === undefined ? pretrainedUrl(name) : inFolder(baseUrl, card.file);
      url = address.href;
      bytes = await readUrl(address, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PretrainedError(
        'FETCH_FAILED',
        `The weights of '${name}' cannot be read from '${url}': ${reason}. Serve the file there, or pass baseUrl, the ` +
          'URL of the folder that has it.',
        { cause },
      );
    }
    verify(bytes, card, url);
    return bytes;
  };
}

/** Creates `loadPretrained` from `readPretrained`. */
export function createLoadPretrained(read: ReadPretrained): LoadPretrained {
  return async (name, options) => loadTagger(await read(name, options));
}

/** A file in the folder of a URL, which can lack the slash at its end. */
function inFolder(baseUrl: string | URL, file: string): URL {
  const base = globalThis.location as Location | undefined;
  return new URL(`${String(baseUrl).replace(/\/*$/, '/')}${file}`, base?.href);
}

/** @throws PretrainedError `DAMAGED_FILE` unless the bytes are those of the card */
function verify(bytes: Uint8Array, { name, ...card }: ModelCard, url: string): void {
  const found =
    bytes.length !== card.bytes
      ? `it has ${bytes.length} bytes instead of ${card.bytes}`
      : bytesToHex(sha256(bytes)) !== card.sha256
        ? `its SHA-256 is not ${card.sha256}`
        : undefined;
  if (found === undefined) return;
  throw new PretrainedError(
    'DAMAGED_FILE',
    `The file at '${url}' is not the weights of '${name}': ${found}. Reinstall @taggerjs/pretrained, or serve the file of ` +
      'its version.',
  );
}
