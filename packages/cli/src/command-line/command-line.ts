/**
 * A command line as the user can type it: starts with `npx` if npm started this process, because `tagger` may not be on the PATH.
 *
 * @param words the words after `tagger`
 * @param started how the process was started
 */
export function commandLine(
  words: string,
  { env, script }: { readonly env: NodeJS.ProcessEnv; readonly script: string | undefined } = {
    env: process.env,
    script: process.argv[1],
  },
): string {
  // npm sets this variable, for npx too.
  if (env['npm_execpath'] === undefined) return `tagger ${words}`;
  // npx runs a package that is not installed from its cache. There, `npx tagger` would be another package.
  const cached = /[/\\]_npx[/\\]/.test(script ?? '');
  return `npx ${cached ? '@taggerjs/cli' : 'tagger'} ${words}`;
}
