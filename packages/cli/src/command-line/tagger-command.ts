import { Command, Option, type ErrorOptions, type ParseOptionsResult } from 'commander';

import type { CommandContext } from '../command-context';
import { CliError } from '../errors';
import { commandLine } from './command-line';
import { addRecipeValue, similarRecipeOption, withSetOptions } from './recipe-values';

/** Mistakes whose error message includes the first example of the command. */
const ANSWERED_BY_EXAMPLE = new Set([
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
  'commander.excessArguments',
]);

/**
 * A command of `tagger`: commander's `Command`, which also refuses options that are given twice or without a value, and
 * reports mistakes as {@link CliError} `USAGE`.
 */
export class TaggerCommand extends Command {
  readonly #examples: { readonly line: string; readonly what: string }[] = [];
  readonly #given = new Set<Option>();
  #recipeOption: Option | undefined;

  constructor(name: string, { output }: CommandContext) {
    super(name);
    const width = Math.min(100, process.stdout.columns ?? 100);
    this.exitOverride()
      .helpOption('-h, --help', 'Show help')
      .configureOutput({
        writeOut: (text) => output.print(text.trimEnd()),
        writeErr: (text) => output.error(text.trimEnd()),
        getOutHelpWidth: () => width,
        getErrHelpWidth: () => width,
      })
      .addHelpText('after', () => this.#exampleText());
  }

  /**
   * Adds an example to the help text. Errors about missing arguments show the first example.
   *
   * @param line the command line
   * @param what description of what it does
   */
  example(line: string, what: string): this {
    this.#examples.push({ line, what });
    return this;
  }

  /** Adds `--set PATH=VALUE`, whose short form is `--training.batchSize 50`; handlers receive all values as `set`. */
  recipeValues(description: string): this {
    this.#recipeOption = new Option('--set <path=value>', description).argParser(addRecipeValue);
    return this.addOption(this.#recipeOption).setOptionValue('set', {});
  }

  override addOption(option: Option): this {
    if (option.isBoolean()) this.setOptionValue(option.attributeName(), false);
    this.on(`option:${option.name()}`, (value: string | null) => {
      // Commander takes the next word, even if it is an option.
      if (value === '' || value?.startsWith('--')) {
        this.error(`option '${option.flags}' argument missing`, { code: 'commander.optionMissingArgument' });
      }
      if (this.#given.has(option) && option !== this.#recipeOption) {
        this.error(`option '${option.flags}' is given more than once`);
      }
      this.#given.add(option);
    });
    return super.addOption(option);
  }

  override parseOptions(args: string[]): ParseOptionsResult {
    return super.parseOptions(this.#recipeOption ? withSetOptions(args) : args);
  }

  override error(message: string, { code = '' }: ErrorOptions = {}): never {
    const problem = message.replace(/^error: /, '');
    const usage = commandLine([...(this.parent ? [this.name()] : []), '--help']);
    const [example] = ANSWERED_BY_EXAMPLE.has(code) ? this.#examples : [];
    const advice = [
      ...(example ? [`Example: ${example.line}`] : []),
      ...(code === 'commander.unknownOption' && this.#recipeOption ? [recipeAdvice(problem)] : []),
      `Run \`${usage}\` for usage.`,
    ];
    throw new CliError('USAGE', `${problem[0]?.toUpperCase()}${problem.slice(1)}\n${advice.join('\n')}`);
  }

  #exampleText(): string {
    if (this.#examples.length === 0) return '';
    const width = Math.max(...this.#examples.map(({ line }) => line.length)) + 2;
    return `\nExamples:\n${this.#examples.map(({ line, what }) => `  ${line.padEnd(width)}${what}`).join('\n')}`;
  }
}

/** What to do about an unknown option of a command that sets values of a recipe. */
function recipeAdvice(problem: string): string {
  const [, flag = ''] = /'(--[^'=]+)/.exec(problem) ?? [];
  const similar = similarRecipeOption(flag);
  return similar === undefined
    ? 'Set a value of the recipe by its path, such as --training.batchSize 50.'
    : `Did you mean ${similar}?`;
}
