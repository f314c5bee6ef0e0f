import { readVariants } from './start-variant';

describe('variants', () => {
  it('are names with threads', () =>
    expect(readVariants('relaxed:2,torch-bfloat16:1')).toEqual([
      { name: 'relaxed', threads: 2 },
      { name: 'torch-bfloat16', threads: 1 },
    ]));

  it.each(['relaxed', 'relaxed:0', 'relaxed:x', 'relaxed:1:2', ''])("refuse '%s'", (text) =>
    expect(() => readVariants(text)).toThrow(RangeError),
  );
});
