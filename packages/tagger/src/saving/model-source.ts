import { TaggerError } from '@taggerjs/nn';

/** Where a model file comes from: its bytes, or where they are fetched. */
export type ModelSource = Uint8Array | ArrayBuffer | URL | string;

/** The bytes of a model file; a string is a URL, in browsers also a relative one. */
export async function bytesOfSource(source: ModelSource): Promise<Uint8Array> {
  // By tag, for an array of another realm is no instance of this one's.
  const tag = Object.prototype.toString.call(source);
  if (tag === '[object Uint8Array]') return source as Uint8Array;
  if (tag === '[object ArrayBuffer]') return new Uint8Array(source as ArrayBuffer);
  if (typeof source === 'string' || tag === '[object URL]') return fetchBytes(String(source));
  throw new TaggerError(
    'INVALID_OPTION',
    'loadTagger: expected the bytes of a model file as a Uint8Array or an ArrayBuffer, or its URL.',
  );
}

/** @throws TaggerError `INVALID_FILE` where the URL cannot be fetched */
async function fetchBytes(url: string): Promise<Uint8Array> {
  let response: Response;
  let buffer: ArrayBuffer;
  try {
    response = await fetch(url);
    buffer = response.ok ? await response.arrayBuffer() : new ArrayBuffer(0);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TaggerError(
      'INVALID_FILE',
      `loadTagger: '${url}' cannot be fetched: ${reason}. A file's path is loaded by @taggerjs/tagger/node.`,
      { cause },
    );
  }
  if (!response.ok) {
    throw new TaggerError(
      'INVALID_FILE',
      `loadTagger: '${url}' cannot be fetched: the server answered ${response.status}.`,
    );
  }
  return new Uint8Array(buffer);
}
