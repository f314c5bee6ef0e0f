import { ContestantError, LineProcess } from './line-process';

const node = (program: string) => ({ program: process.execPath, args: ['-e', program] });

/** A program that counts its requests until it ends. */
const COUNTER = `
  console.log(JSON.stringify({ ready: 'a counter' }));
  let count = 0;
  require('node:readline').createInterface({ input: process.stdin })
    .on('line', (line) => console.log(JSON.stringify({ milliseconds: ++count, cost: line.length })));
`;

describe('a contestant', () => {
  it('that is ready stays alive and answers request by request', async () => {
    const counter = await LineProcess.start('counter', node(COUNTER));
    expect(counter.description).toBe('a counter');
    expect(await counter.ask('step')).toEqual({ milliseconds: 1, cost: 4 });
    expect(await counter.ask('forward')).toEqual({ milliseconds: 2, cost: 7 });
    await counter.end();
    await counter.end();
  });

  it('that only prints one line starts again for every request', async () => {
    const command = { shell: `"${process.execPath}" -p 'JSON.stringify({ milliseconds: process.pid })'` };
    const printer = await LineProcess.start('printer', command);
    const replies = [await printer.ask('step'), await printer.ask('step'), await printer.ask('step')];
    expect(new Set(replies.map(({ milliseconds }) => milliseconds)).size).toBe(3);
    await printer.end();
  });

  it('that fails to start is an error with its name and exit code', () =>
    expect(LineProcess.start('broken', node('process.exit(3)'))).rejects.toThrow(
      new ContestantError('broken ended without an answer (exit code 3)'),
    ));

  it('that does not exist is an error', () =>
    expect(LineProcess.start('missing', { program: '/nowhere/at/all', args: [] })).rejects.toThrow(/ENOENT/));

  it('that dies while working is an error', async () => {
    const mortal = await LineProcess.start(
      'mortal',
      node(`console.log('{"ready":""}'); process.stdin.once('data', () => process.exit(1))`),
    );
    await expect(mortal.ask('step')).rejects.toThrow(/mortal ended without an answer/);
    await mortal.end();
  });

  it('that reports no time is an error', async () => {
    const silent = await LineProcess.start('silent', { shell: `echo '{"seconds": 3}'` });
    await expect(silent.ask('step')).rejects.toThrow(/silent: no milliseconds/);
  });
});
