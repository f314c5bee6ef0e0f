import { engineCommand } from './engine-command';

/** Runs a program that stands in for a command of an engine. */
const engine = (program: string, options?: { readonly timeout: number }) =>
  engineCommand(process.execPath, ['-e', program], options);

describe('engineCommand', () => {
  it('returns what the command prints', async () => {
    expect(await engine('console.log(7)')).toBe('7\n');
  });

  it.each([
    ['a refusal', 'ENGINE', 'console.error("invalid partition"); process.exit(1)'],
    ['a lost connection', 'NO_ANSWER', 'console.error("Socket timed out on send/recv operation"); process.exit(1)'],
    ['a command that is killed', 'NO_ANSWER', 'process.kill(process.pid, "SIGKILL")'],
  ])('reports %s as %s', async (_, code, program) => {
    await expect(engine(program)).rejects.toMatchObject({ code });
  });

  it('does not wait forever', async () => {
    await expect(engine('setTimeout(() => {}, 60_000)', { timeout: 300 })).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });

  it('reports a command that is not installed', async () => {
    await expect(engineCommand('sbatch-of-nowhere', [])).rejects.toMatchObject({ code: 'ENGINE' });
  });
});
