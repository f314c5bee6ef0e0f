// Mistakes that parsing finds, with every command and option. No command runs.
import { Writable } from 'node:stream';

import { main } from '../main';
import { createProgram } from '../program';
import { createOutput } from '../terminal/output';

/** Runs a command line with mistakes. Returns the exit code, the error as JSON, and the standard error. */
async function tagger(...words: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const collect = (chunks: string[]) =>
    new Writable({ write: (chunk, _encoding, done) => (chunks.push(String(chunk)), done()) });
  const code = await main(words[0] === 'help' ? words : [...words, '--json'], {
    stdout: collect(out),
    stderr: collect(err),
  });
  const { error } = JSON.parse(out.join('') || '{}') as { error?: { code: string; message: string } };
  return { code, error, stderr: err.join('') };
}

const USAGE = { code: 2, error: { code: 'USAGE' } };

const { commands } = createProgram({ output: createOutput({}), setExitCode: () => undefined });
const known = commands.filter((command) => !['completion', 'help'].includes(command.name()));
const requiredArguments = (name: string) =>
  known
    .find((command) => command.name() === name)!
    .registeredArguments.flatMap(({ required, argChoices }) => (required ? [argChoices?.[0] ?? 'x'] : []));
/** The arguments and options that a command requires, with allowed values. */
const requiredBy = (name: string) => [
  ...requiredArguments(name),
  ...known
    .find((command) => command.name() === name)!
    .options.flatMap(({ mandatory, long }) => (mandatory ? [`${long}=x`] : [])),
];

const OPTIONS = known.flatMap((command) =>
  command.options.map((option) => ({ command: command.name(), flag: option.long!, option })),
);

describe('every command', () => {
  it.each(known.map((command) => command.name()).filter((name) => requiredBy(name).length > 0))(
    '%s shows an example if an argument is missing',
    async (command) => {
      const { stderr, ...result } = await tagger(command);
      expect(result).toMatchObject(USAGE);
      expect(stderr).toContain(`tagger ${command} `);
      expect(stderr).toContain(`tagger ${command} --help`);
    },
  );

  it.each(known.map((command) => command.name()))('%s refuses an unknown option', async (command) => {
    const { stderr, ...result } = await tagger(command, ...requiredBy(command), '--nothing');
    expect(result).toMatchObject(USAGE);
    expect(stderr).toContain("'--nothing'");
  });

  it.each(['train', 'resume', 'evaluate', 'show', 'export', 'convert', 'sweep', 'metrics', 'recipes', 'data'])(
    '%s refuses an argument too many',
    async (command) => {
      expect(await tagger(command, ...requiredBy(command), 'more', 'words')).toMatchObject(USAGE);
    },
  );
});

describe('every option', () => {
  it.each(OPTIONS.filter(({ option }) => option.required))(
    '$command $flag needs a value',
    async ({ command, flag }) => {
      for (const words of [[flag], [`${flag}=`], [flag, '--quiet']])
        expect(await tagger(command, ...requiredBy(command), ...words)).toMatchObject(USAGE);
    },
  );

  it.each(OPTIONS.filter(({ option }) => option.isBoolean()))(
    '$command $flag takes no value',
    async ({ command, flag }) => {
      expect(await tagger(command, ...requiredBy(command), `${flag}=much`)).toMatchObject(USAGE);
    },
  );

  it.each(OPTIONS.filter(({ option }) => option.argChoices))(
    '$command $flag has choices',
    async ({ command, flag }) => {
      const { stderr, ...result } = await tagger(command, ...requiredArguments(command), flag, 'nothing');
      expect(result).toMatchObject(USAGE);
      expect(stderr).toContain("'nothing'");
    },
  );

  it.each(OPTIONS.filter(({ option }) => option.parseArg && !option.argChoices))(
    '$command $flag checks its value',
    async ({ command, flag }) => {
      expect(await tagger(command, ...requiredArguments(command), flag, 'nothing')).toMatchObject(USAGE);
    },
  );

  it.each([
    ...['evaluate x --groups 300', 'group x y --scale 0', 'group x y --scale 101', 'group x y --threshold Infinity'],
    ...['data shapes --sizes 5,0,5', 'data shapes --sizes 5,5', 'train x --steps 1.5', 'train x --steps 0'],
    ...['train x --minutes 0', 'train x --threads 0', 'sweep x --jobs 0', 'sweep x --index=-1'],
    ...['sweep x --cpus 0', 'train x --training.batchSize'],
    ...['train x --steps 1 --steps 2', 'train x --seed 1 --seed=2', 'data cats --out x.npz'],
  ])('refuses %s', async (line) => expect(await tagger(...line.split(' '))).toMatchObject(USAGE));
});

describe('a suggestion', () => {
  it.each([
    ['trian', 'train'],
    ['help trian', 'train'],
    ['train x --thread 3', '--threads'],
    ['train x --bacth 3', '--training.batchSize'],
    ['sweep x --batch 3', '--training.batchSize'],
    ['data shapes --picure x.svg', '--picture'],
  ])('for %s is %s', async (line, meant) => {
    const { code, stderr } = await tagger(...line.split(' '));
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`Did you mean ${meant}\\?`));
  });
});

it('help names an unknown command', async () => {
  const { code, stderr } = await tagger('help', 'nothing');
  expect(code).toBe(2);
  expect(stderr).toContain("'nothing'");
});

it('shows the help on standard error and ends with exit code 2 without a command', async () => {
  const err: string[] = [];
  const stderr = new Writable({ write: (chunk, _encoding, done) => (err.push(String(chunk)), done()) });
  expect(await main([], { stderr })).toBe(2);
  expect(err.join('')).toContain('train [options] <recipe>');
});
