import { LineProcess } from './line-process';

const start = (program: string) => LineProcess.start('a test', process.execPath, ['-e', program]);

/** A program that counts its requests until it ends. */
const COUNTER = `
  console.log('a greeting');
  console.log(JSON.stringify({ ready: 'a counter' }));
  let count = 0;
  require('node:readline').createInterface({ input: process.stdin })
    .on('line', (line) => console.log(JSON.stringify({ milliseconds: ++count, cost: line.length })));
`;

describe('a process', () => {
  it('describes itself, and answers request by request', async () => {
    const counter = await start(COUNTER);
    expect(counter.description).toBe('a counter');
    expect(await counter.ask('step')).toEqual({ milliseconds: 1, cost: 4 });
    expect(await counter.ask('forward')).toEqual({ milliseconds: 2, cost: 7 });
    await counter.end();
    await counter.end();
  });

  it('that fails to start is an error', () =>
    expect(start('process.exit(3)')).rejects.toMatchObject({ code: 'ENDED' }));

  it('that does not exist is an error', () =>
    expect(LineProcess.start('missing', '/nowhere/at/all', [])).rejects.toMatchObject({ code: 'ENDED' }));

  it('that dies while working is an error', async () => {
    const mortal = await start(`console.log('{"ready":""}'); process.stdin.once('data', () => process.exit(1))`);
    await expect(mortal.ask('step')).rejects.toMatchObject({ code: 'ENDED' });
    await mortal.end();
  });

  it('that reports no time is an error', async () => {
    const silent = await start(`console.log('{}'); process.stdin.once('data', () => console.log('{"seconds": 3}'))`);
    await expect(silent.ask('step')).rejects.toMatchObject({ code: 'NO_TIME' });
    await silent.end();
  });
});
