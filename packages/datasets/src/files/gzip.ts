import { fileError, messageOf } from '../errors';

/** Deflate compresses at most 1032 bytes into one. */
export const MAX_DEFLATE_RATIO = 1032;

/** Whether bytes start with the signature of gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Decompresses a gzip stream chunk by chunk. Stops when `push` throws. */
export async function gunzip(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  push: (chunk: Uint8Array) => void,
): Promise<void> {
  const stream = new DecompressionStream('gzip');
  const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
  let failure: unknown;
  const feed = async () => {
    for await (const chunk of chunks)
      // In pieces, so that no chunk decompresses to more than about 64 MiB.
      for (let at = 0; at < chunk.length; at += 65_536) await writer.write(chunk.slice(at, at + 65_536));
    await writer.close();
  };
  const feeding = feed().catch(async (error: unknown) => {
    failure ??= error;
    // Otherwise the reader would wait forever.
    await writer.abort(error).catch(() => undefined);
  });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) push(next.value);
  } catch (error) {
    // The error of `push` or of reading is the reason, not the stream's error about being canceled.
    await reader.cancel(error).catch(() => undefined);
    await writer.abort(error).catch(() => undefined);
    await feeding;
    for (const reason of [error, failure]) if ((reason as Error | null)?.name === 'DatasetError') throw reason;
    throw fileError('INVALID_FILE', { file }, `the gzip data is invalid: ${messageOf(error)}.`, { cause: error });
  }
  await feeding;
  if (failure !== undefined)
    throw fileError('INVALID_FILE', { file }, `the gzip data is invalid: ${messageOf(failure)}.`, {
      cause: failure,
    });
}
