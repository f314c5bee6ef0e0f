import { interleave, type Contestant } from './interleave';

/** Contestants that record when they were asked. */
function contestants(...milliseconds: number[]) {
  const asked: number[] = [];
  const all = milliseconds.map((time, i): Contestant => ({
    ask: async () => {
      asked.push(i);
      return { milliseconds: time };
    },
  }));
  return { all, asked };
}

describe('interleave', () => {
  it('asks all in turn, round by round, and does not count the warm-up', async () => {
    const { all, asked } = contestants(1, 2);
    const replies = await interleave(all, 'step', { rounds: 2, warmUp: 1 });
    expect(asked).toEqual([0, 1, 0, 1, 0, 1]);
    expect(replies).toEqual([
      [{ milliseconds: 1 }, { milliseconds: 1 }],
      [{ milliseconds: 2 }, { milliseconds: 2 }],
    ]);
  });

  it('includes one that takes more than five times as long as the fastest in every third round', async () => {
    const { all } = contestants(1, 5, 6);
    const replies = await interleave(all, 'step', { rounds: 4, warmUp: 1 });
    expect(replies.map((own) => own.map((reply) => reply !== null))).toEqual([
      [true, true, true, true],
      [true, true, true, true],
      [true, false, false, true],
    ]);
  });

  it('passes the request on', async () => {
    const requests: string[] = [];
    const ask = async (request: string) => ({ milliseconds: requests.push(request) });
    await interleave([{ ask }], 'forward relu', { rounds: 1, warmUp: 0 });
    expect(requests).toEqual(['forward relu']);
  });
});
