import { commandLine, shellLine } from './command-line';

it.each([
  ['on the PATH', {}, '/usr/lib/node_modules/@taggerjs/cli/bin/tagger.js', 'tagger resume runs/a'],
  [
    'in a project',
    { npm_execpath: 'npx-cli.js' },
    '/home/me/project/node_modules/.bin/tagger',
    'npx tagger resume runs/a',
  ],
  [
    'from the cache of npx',
    { npm_execpath: 'npx-cli.js' },
    '/home/me/.npm/_npx/f1e2/node_modules/.bin/tagger',
    'npx @taggerjs/cli resume runs/a',
  ],
])('commandLine: %s', (_, env, script, line) => expect(commandLine(['resume', 'runs/a'], { env, script })).toBe(line));

it('commandLine quotes words', () => {
  const started = { env: {}, script: undefined };
  expect(commandLine(['resume', 'my runs/$a', '--json'], started)).toMatch(
    /^tagger resume (['"])my runs\/\$a\1 --json$/,
  );
});

it.each([
  ['posix', "it's $HOME", String.raw`'it'\''s $HOME'`],
  ['posix', '~/a', "'~/a'"],
  ['posix', '', "''"],
  ['posix', '/data/a-1,b=2%', '/data/a-1,b=2%'],
  ['windows', String.raw`C:\my runs`, String.raw`"C:\my runs"`],
  ['windows', String.raw`C:\runs`, String.raw`C:\runs`],
] as const)('shellLine for %s: %j', (shell, word, quoted) => {
  expect(shellLine([word, '--x'], shell)).toBe(`${quoted} --x`);
});
