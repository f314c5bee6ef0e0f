import { commandLine } from './command-line';

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
])('commandLine: %s', (_, env, script, line) => expect(commandLine('resume runs/a', { env, script })).toBe(line));
