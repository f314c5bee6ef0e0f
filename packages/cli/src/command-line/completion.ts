import type { Command } from 'commander';

/**
 * A script for bash and zsh that completes the commands, options and choices of a program, and file names.
 *
 * @param program with its commands
 */
export function completionScript(program: Command): string {
  const commands = program.commands.map((command) => {
    const options = program.createHelp().visibleOptions(command);
    const values = options.flatMap(({ long, argChoices }) =>
      long && argChoices ? [`        ${long}) words='${argChoices.join(' ')}' ;;`] : [],
    );
    const words = options.map(({ long, short }) => long ?? short);
    for (const { argChoices = [] } of command.registeredArguments) words.push(...argChoices);
    return [
      `    ${command.name()})`,
      `      case "$previous" in`,
      ...values,
      `        *) words='${words.join(' ')}' ;;`,
      '      esac ;;',
    ].join('\n');
  });
  const names = program.commands.map((command) => command.name()).join(' ');
  return `# Completion of ${program.name()} for bash and zsh
if [ -n "$ZSH_VERSION" ]; then autoload -Uz compinit bashcompinit && compinit && bashcompinit; fi
_${program.name()}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then words='${names} --help --version'; else
  case "\${COMP_WORDS[1]}" in
${commands.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${program.name()} ${program.name()}`;
}
