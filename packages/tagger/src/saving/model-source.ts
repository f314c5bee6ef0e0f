import { TaggerError } from '@taggerjs/nn';

/** A model file: its bytes, or a URL to fetch them from. */
export type ModelSource = Uint8Array | ArrayBuffer | URL | string;

/** The bytes of a model file. A string is a URL; in browsers it may be relative. */
export async function bytesOfSource(source: ModelSource): Promise<Uint8Array> {
  // By tag, because an array from another realm is not an instance of this one's class.
  const tag = Object.prototype.toString.call(source);
  if (tag === '[object Uint8Array]') return source as Uint8Array;
  if (tag === '[object ArrayBuffer]') return new Uint8Array(source as ArrayBuffer);
  if (typeof source === 'string' || tag === '[object URL]') return fetchBytes(String(source));
  throw new TaggerError(
    'INVALID_OPTION',
    'loadTagger: expected the bytes of a model file (Uint8Array or ArrayBuffer) or its URL.',
  );
}

/** @throws TaggerError `INVALID_FILE` if the URL cannot be fetched */
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
      `loadTagger: cannot fetch '${url}': ${reason}. To load a path, use loadTagger of @taggerjs/tagger/node.`,
      { cause },
    );
  }
  if (!response.ok) {
    throw new TaggerError('INVALID_FILE', `loadTagger: cannot fetch '${url}': the server answered ${response.status}.`);
  }
  return new Uint8Array(buffer);
}
