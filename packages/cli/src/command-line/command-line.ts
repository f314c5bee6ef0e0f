/**
 * A command line as the user can type it: starts with `npx` if npm started this process, because `tagger` may not be on the PATH.
 *
 * @param words the words after `tagger`, not quoted
 * @param started how the process was started
 */
export function commandLine(
  words: readonly string[],
  { env, script }: { readonly env: NodeJS.ProcessEnv; readonly script: string | undefined } = {
    env: process.env,
    script: process.argv[1],
  },
): string {
  const tagger = shellLine(words);
  // npm sets this variable, for npx too.
  if (env['npm_execpath'] === undefined) return `tagger ${tagger}`;
  // npx runs a package that is not installed from its cache. There, `npx tagger` would be another package.
  const cached = /[/\\]_npx[/\\]/.test(script ?? '');
  return `npx ${cached ? '@taggerjs/cli' : 'tagger'} ${tagger}`;
}

/**
 * Words as a shell reads them. Quotes those with spaces and characters that are special to it.
 *
 * @param shell @default cmd and PowerShell on Windows, otherwise POSIX
 */
export function shellLine(
  words: readonly string[],
  shell: 'posix' | 'windows' = process.platform === 'win32' ? 'windows' : 'posix',
): string {
  const plain = shell === 'windows' ? /^[\w+:./\\-]+$/ : /^[\w@%+=:,./-]+$/;
  const quote = (word: string) =>
    shell === 'windows' ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`;
  return words.map((word) => (plain.test(word) ? word : quote(word))).join(' ');
}
