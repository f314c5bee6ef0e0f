import { decodeNpz, readNpz } from './decode-npz';
import { encodeNpz } from './encode-npz';
import type { NamedTensor } from './named-tensor';

const arrays: Record<string, NamedTensor> = {
  inputs: { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  labels: { dtype: 'U8', shape: [3000], data: new Uint8Array(3000).fill(7) },
  'é/x': { dtype: 'I64', shape: [], data: BigInt64Array.of(-1n) },
  none: { dtype: 'F64', shape: [0, 4], data: new Float64Array(0) },
};

async function encoded(tensors: Iterable<readonly [string, NamedTensor]>, compress = false): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeNpz(tensors, { compress })) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** A file that notes what is read of it. */
function source(bytes: Uint8Array) {
  const reads: [number, number][] = [];
  return {
    reads,
    size: bytes.length,
    read(offset: number, length: number) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new Error(`read ${length} at ${offset}`);
      reads.push([offset, length]);
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  };
}

describe.each([false, true])('encodeNpz, compress %p', (compress) => {
  it('writes what decodeNpz and readNpz read', async () => {
    const bytes = await encoded(Object.entries(arrays), compress);
    expect({ ...decodeNpz(bytes) }).toEqual(arrays);
    expect({ ...(await readNpz(source(bytes))) }).toEqual(arrays);
  });

  it('writes the same bytes each time', async () => {
    expect(await encoded(Object.entries(arrays), compress)).toEqual(await encoded(Object.entries(arrays), compress));
  });

  it('compresses on request', async () => {
    const { length } = await encoded(Object.entries(arrays), compress);
    expect(length < 2000).toBe(compress);
  });
});

it('asks for an array when those before it are written', async () => {
  const asked: string[] = [];
  function* lazily() {
    for (const name of ['a', 'b']) {
      asked.push(name);
      yield [name, arrays['labels']!] as const;
    }
  }
  const chunks = encodeNpz(lazily());
  await chunks.next();
  expect(asked).toEqual(['a']);
});

it.each([[''], ['a', 'a']])('refuses the names %j %j', async (...names) => {
  await expect(encoded(names.map((name) => [name, arrays['inputs']!] as const))).rejects.toMatchObject({
    name: 'WeightsError',
    code: 'INVALID_OPTION',
  });
});

describe('readNpz', () => {
  it('reads no array that is not asked for', async () => {
    const bytes = await encoded(Object.entries(arrays));
    const file = source(bytes);
    const read = await readNpz(file, { select: (name) => name === 'inputs', maxBytes: 200 });
    expect({ ...read }).toEqual({ inputs: arrays['inputs'] });
    await expect(readNpz(file, { maxBytes: 200 })).rejects.toMatchObject({ code: 'INVALID_ARCHIVE' });
  });

  it('does not read the whole of a large file at once', async () => {
    const large = { dtype: 'U8', shape: [200_000], data: new Uint8Array(200_000) } as const;
    const file = source(await encoded([['a', large], ['b', large], ['c', large]])); // prettier-ignore
    await readNpz(file);
    expect(Math.max(...file.reads.map(([, length]) => length))).toBeLessThan(210_000);
  });

  it.each([0, 10, 100, 400])('refuses a file of its first %p bytes', async (length) => {
    const bytes = (await encoded(Object.entries(arrays))).slice(0, length);
    await expect(readNpz(source(bytes))).rejects.toMatchObject({ name: 'WeightsError', code: 'INVALID_ARCHIVE' });
  });
});
