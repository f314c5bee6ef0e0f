import { fileError, messageOf } from '../errors';

/** Deflate packs at most 1032 bytes into one. */
export const MAX_DEFLATE_RATIO = 1032;

/** Whether bytes begin as those of a gzip file do. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Unpacks a gzip stream chunk by chunk; stops at the first that `push` refuses. */
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
      // In pieces, so that no chunk unpacks to more than some 64 MiB at once.
      for (let at = 0; at < chunk.length; at += 65_536) await writer.write(chunk.slice(at, at + 65_536));
    await writer.close();
  };
  const feeding = feed().catch(async (error: unknown) => {
    failure ??= error;
    // Or whoever reads would wait for more for ever.
    await writer.abort(error).catch(() => undefined);
  });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) push(next.value);
  } catch (error) {
    // What the sink says of the data counts, whatever the stream says of being given up.
    await reader.cancel(error).catch(() => undefined);
    await writer.abort(error).catch(() => undefined);
    await feeding;
    for (const reason of [error, failure]) if ((reason as Error | null)?.name === 'DatasetError') throw reason;
    throw fileError('INVALID_FILE', { file }, `it cannot be unpacked as gzip: ${messageOf(error)}.`, { cause: error });
  }
  await feeding;
  if (failure !== undefined)
    throw fileError('INVALID_FILE', { file }, `it cannot be unpacked as gzip: ${messageOf(failure)}.`, {
      cause: failure,
    });
}
