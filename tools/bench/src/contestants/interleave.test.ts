import { interleave, WARM_UP, type Contestant } from './interleave';

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
    const replies = await interleave(all, 'step', 2);
    expect(asked).toEqual(Array.from({ length: WARM_UP + 2 }, () => [0, 1]).flat());
    expect(replies).toEqual([
      [{ milliseconds: 1 }, { milliseconds: 1 }],
      [{ milliseconds: 2 }, { milliseconds: 2 }],
    ]);
  });

  it('lets slow ones skip rounds, but take part in at least three', async () => {
    const { all } = contestants(1, 9, 10, 1000);
    const replies = await interleave(all, 'step', 9);
    const rounds = replies.map((own) => own.flatMap((reply, round) => (reply === null ? [] : [round])));
    expect(rounds).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [0, 2, 4, 6, 8],
      [0, 3, 6],
    ]);
  });

  it('passes the request on', async () => {
    const requests: string[] = [];
    const ask = async (request: string) => ({ milliseconds: requests.push(request) });
    await interleave([{ ask }], 'forward relu', 1);
    expect(new Set(requests)).toEqual(new Set(['forward relu']));
  });
});
