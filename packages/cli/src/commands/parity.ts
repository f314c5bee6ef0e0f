import { spawn } from 'node:child_process';
import { arch, cpus, platform, release } from 'node:os';

import { withRegistries } from '@taggerjs/experiment';
import { loadComponentFactory, type MappingComponent } from '@taggerjs/mapping';
import {
  disagreements,
  htmlReport,
  joinReports,
  mappingCases,
  namedBackend,
  parityCases,
  runParity,
  selectCases,
  textReport,
  type ParityCase,
  type ParityReport,
} from '@taggerjs/parity';
import { importFrom } from '@taggerjs/tagger/node';
import type { CommandModule } from 'yargs';
import { writeFileAtomic } from '@taggerjs/weights/node';

import { CliError, EXIT_CODES } from '../errors';
import type { CommandContext } from '../main';
import { requireWritable } from '../require-writable';
// Registers the gradients of TensorFlow.js's own operations too, which a user's mapping may need.
import { BACKENDS } from '../run/backend';

interface ParityArguments {
  backends: string;
  cases?: string;
  mapping?: string;
  import?: string;
  json: boolean;
  out?: string;
  'in-process': boolean;
}

/** `tagger parity` */
export function parityCommand({ output, setExitCode }: CommandContext): CommandModule<object, ParityArguments> {
  return {
    command: 'parity',
    describe:
      'Compare backends with float64 references: every operation, whole Taggers, training, a mapping of your own',
    builder: (yargs) =>
      yargs
        .options({
          backends: {
            type: 'string',
            default: 'cpu,wasm',
            describe: `Which, with commas between: ${BACKENDS.join(', ')}; wasm:1, tensorflow:1 have one thread`,
          },
          cases: {
            type: 'string',
            describe: 'Which, with commas between: groups (operation, noise, ...), parts of names (TaggerMatMul)',
            defaultDescription: 'all',
          },
          mapping: {
            type: 'string',
            describe: 'A mapping of your own instead of the suite: ./mine.mjs#name, a factory of components',
          },
          import: {
            type: 'string',
            describe: 'A module of your own to import first: ./mine.mjs, which registers kernels, say',
          },
          json: { type: 'boolean', default: false, describe: 'Print the report as JSON' },
          out: { type: 'string', describe: 'Write the report as one HTML file' },
          'in-process': {
            type: 'boolean',
            default: false,
            describe: 'Run all backends in this process, one after the other, not each in one of its own',
          },
        })
        .example('$0 parity', 'plain JavaScript and WebAssembly; exit code 1 where something disagrees')
        .example('$0 parity --backends wasm:1,wasm:2 --out report.html', 'one thread, two, and a page to read')
        .example('$0 parity --import ./kernels.mjs --cases TaggerRelu', 'a kernel of your own, registered by a module')
        .example(
          '$0 parity --mapping ./mine.mjs#mine',
          'a mapping of your own: its contract, and its numbers',
        ) as never,
    async handler(args) {
      const names = args.backends.split(',').map((name) => name.trim());
      for (const name of names) checkBackend(name);
      if (new Set(names).size < names.length) throw new CliError('USAGE', '--backends names a backend twice.');
      if (args.out !== undefined) await requireWritable(args.out);
      if (args.import !== undefined) await importModule(args.import);
      const cases = select(await casesOf(args.mapping), args.cases);
      const report =
        args['in-process'] || names.length === 1
          ? await runParity({ backends: names.map((name) => namedBackend(name)), cases, machine: machine() })
          : await inProcesses(names, args);
      output.print(args.json ? JSON.stringify(report, null, 2) : textReport(report));
      if (args.out !== undefined) {
        try {
          await writeFileAtomic(args.out, htmlReport(report));
          output.note(args.out);
        } catch (error) {
          // What was found stands on standard output already, and must stay one document.
          output.error(`tagger: ${(error as Error).message}`);
          setExitCode(EXIT_CODES.failed);
        }
      }
      if (report.results.length === 0) {
        output.error('tagger: no backend could be used.');
        setExitCode(EXIT_CODES.failed);
      } else if (disagreements(report).length > 0) setExitCode(EXIT_CODES.failed);
    },
  };
}

function checkBackend(name: string): void {
  try {
    namedBackend(name);
  } catch (cause) {
    throw new CliError('USAGE', `--backends: ${(cause as Error).message}`, { cause });
  }
}

/** Runs a module of the user's. */
async function importModule(specifier: string): Promise<void> {
  try {
    await importFrom(process.cwd())(specifier);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('USAGE', `--import: '${specifier}' cannot be imported: ${reason}`, { cause });
  }
}

/** The cases that `--cases` names. */
function select(cases: readonly ParityCase[], words: string | undefined): readonly ParityCase[] {
  if (words === undefined) return cases;
  try {
    return selectCases(
      cases,
      words.split(',').map((word) => word.trim()),
    );
  } catch (cause) {
    throw new CliError('USAGE', `--cases: ${(cause as Error).message}`, { cause });
  }
}

/** The whole suite, or the cases of one's own mapping. */
async function casesOf(mapping: string | undefined): Promise<ParityCase[]> {
  if (mapping === undefined) return parityCases();
  const factory = await loadComponentFactory(mapping, { importModule: importFrom(process.cwd()) });
  const component = factory({ type: mapping } as never) as MappingComponent;
  if (typeof component?.create !== 'function') {
    throw new CliError('USAGE', `--mapping: '${mapping}' must return { config, create }, given no options.`);
  }
  const own = { [component.config.type]: factory, [mapping]: factory } as never;
  return mappingCases({
    name: mapping,
    component,
    registries: withRegistries({ mappings: own } as never) as never,
  });
}

/** Each backend in a process of its own: they cannot disturb each other, and one that dies is a disagreement. */
async function inProcesses(names: readonly string[], args: ParityArguments): Promise<ParityReport> {
  const reports: ParityReport[] = [];
  for (const name of names) reports.push(await inProcess(name, args));
  return joinReports(reports as [ParityReport, ...ParityReport[]]);
}

async function inProcess(name: string, { cases, mapping, import: module }: ParityArguments): Promise<ParityReport> {
  const given = Object.entries({ cases, mapping, import: module }).filter(([, value]) => value !== undefined);
  const args = ['parity', `--backends=${name}`, '--json', ...given.map(([option, value]) => `--${option}=${value}`)];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] as string, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<string>((done) => {
    child.on('error', (error) => done(error.message));
    child.on('close', (exit, signal) => done(signal ?? String(exit)));
  });
  try {
    return JSON.parse(Buffer.concat(out).toString()) as ParityReport;
  } catch {
    const message = `its process ended (${code}): ${Buffer.concat(err).toString().trim().slice(-1000)}`;
    return {
      version: 1,
      date: new Date().toISOString(),
      machine: machine(),
      backends: [{ name, description: 'a process that died' }],
      results: [
        {
          case: 'the whole suite',
          group: 'operation',
          operations: [],
          backend: name,
          kernels: 'none',
          outcome: 'disagrees',
          message,
        },
      ],
      tolerances: {},
    };
  }
}

function machine(): Record<string, string> {
  return {
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
  };
}
