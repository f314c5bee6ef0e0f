import { runCommand } from './run-command';

const advice = 'It takes a shell.';
const fail = async (command: string, ...args: string[]) => {
  const error = await runCommand(command, args, { advice }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'TaggerError', code: 'NO_BACKEND' });
  return (error as Error).message;
};

it('returns the output of a command', async () => {
  expect(await runCommand('sh', ['-c', 'echo printed; echo error >&2'], { advice })).toBe('printed\n');
});

it('reports the output of a failed command, on separate lines, and the advice', async () => {
  expect(await fail('sh', '-c', 'echo printed; echo error >&2; exit 3')).toBe(
    'The command sh failed (3):\nprinted\nerror\nIt takes a shell.',
  );
});

it('reports the advice if a command fails silently, is killed, or is not installed', async () => {
  expect(await fail('sh', '-c', 'exit 3')).toBe('The command sh failed (3). It takes a shell.');
  expect(await fail('sh', '-c', 'kill -9 $$')).toBe('The command sh failed (SIGKILL). It takes a shell.');
  expect(await fail('no-such-command')).toBe('The command no-such-command is not installed. It takes a shell.');
});

it('reports the last 15 lines', async () => {
  const lines = (await fail('sh', '-c', 'seq 100; exit 1')).split('\n');
  expect(lines.slice(1, -1)).toEqual(Array.from({ length: 15 }, (_, i) => String(86 + i)));
});

it('rejects with the reason of its signal', async () => {
  const reason = new Error('enough');
  await expect(runCommand('sleep', ['60'], { advice, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
