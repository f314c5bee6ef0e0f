import { engineCommand } from './engine-command';

/** Runs a program that stands in for a command of an engine. */
const engine = (program: string, options?: Parameters<typeof engineCommand>[2]) =>
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
    await expect(engine(program, { submits: true })).rejects.toMatchObject({ code });
  });

  it('does not wait forever', async () => {
    const slow = engine('setTimeout(() => {}, 60_000)', { submits: true, timeout: 300 });
    await expect(slow).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });

  it.each([
    ['a lost connection', 'console.error("Socket timed out on send/recv operation"); process.exit(1)'],
    ['a command that is killed', 'process.kill(process.pid, "SIGKILL")'],
  ])('reports %s as ENGINE if the command submits nothing', async (_, program) => {
    await expect(engine(program)).rejects.toMatchObject({ code: 'ENGINE' });
  });

  it('reports a command that is not installed', async () => {
    await expect(engineCommand('sbatch-of-nowhere', [])).rejects.toMatchObject({ code: 'ENGINE' });
  });
});
