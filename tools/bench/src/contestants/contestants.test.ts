import { readPeers, readVariants } from './contestants';

describe('entries', () => {
  it('parse variants with their threads', () =>
    expect(readVariants('relaxed:2,naive:1')).toEqual([
      { name: 'relaxed', threads: 2 },
      { name: 'naive', threads: 1 },
    ]));

  it.each(['fast:2', 'relaxed:0', 'relaxed:x', 'relaxed:1:2', ''])("refuse '%s'", (text) =>
    expect(() => readVariants(text)).toThrow(RangeError),
  );

  it('give peers the most threads of a variant, or the requested ones', () => {
    const variants = readVariants('relaxed:1,relaxed:2');
    expect(readPeers(['a b'], undefined, variants)).toEqual([{ name: 'peer', threads: 2, peer: 'a b' }]);
    expect(readPeers(['a', 'b'], '1,2', variants).map(({ name, threads }) => [name, threads])).toEqual([
      ['peer 1', 1],
      ['peer 1', 2],
      ['peer 2', 1],
      ['peer 2', 2],
    ]);
  });
});
