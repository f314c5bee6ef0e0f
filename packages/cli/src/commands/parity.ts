import type { ParityArguments } from '../actions/parity';
import type { CommandContext } from '../command-context';
import { BACKENDS, jsonOption } from '../command-line/shared-options';
import { TaggerCommand } from '../command-line/tagger-command';

/** `tagger parity` */
export function parityCommand(context: CommandContext): TaggerCommand {
  return new TaggerCommand('parity', context)
    .description(
      'Compare backends with float64 references: every operation, complete Taggers, training, or your own mapping',
    )
    .option(
      '--backends <names>',
      `Backends, separated by commas: ${BACKENDS.join(', ')}; wasm:1 and tensorflow:1 use one thread`,
      'cpu,wasm',
    )
    .option(
      '--cases <names>',
      'Cases, separated by commas: groups (operation, noise, ...) or parts of names (TaggerMatMul) (default: all)',
    )
    .option('--mapping <module>', 'Test your own mapping instead: ./mine.mjs#name, a factory of components')
    .option('--import <module>', 'Import your own module first: ./mine.mjs, for example to register kernels')
    .addOption(jsonOption('Print the report as JSON'))
    .option('--out <file>', 'Write the report to one HTML file')
    .option('--in-process', 'Run all backends in this process, instead of each in its own')
    .example('tagger parity', 'plain JavaScript and WebAssembly; exit code 1 if results disagree')
    .example('tagger parity --backends wasm:1,wasm:2 --out report.html', 'one thread, two threads, and a page to read')
    .example('tagger parity --import ./kernels.mjs --cases TaggerRelu', 'your own kernel, registered by a module')
    .example('tagger parity --mapping ./mine.mjs#mine', 'your own mapping: its contract and its numbers')
    .action(async (options: ParityArguments) => {
      const { runParityCommand } = await import('../actions/parity');
      await runParityCommand(options, context);
    });
}
