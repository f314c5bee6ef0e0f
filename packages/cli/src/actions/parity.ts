import { spawn } from 'node:child_process';
import { arch, cpus, platform, release } from 'node:os';

// Registers the gradients of TensorFlow.js's own operations, which a custom mapping and one of the cases need.
import '@tensorflow/tfjs';

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
import { importFrom } from '@taggerjs/mapping/node';
import { writeFileAtomic } from '@taggerjs/weights/node';

import type { CommandContext } from '../command-context';
import { CliError, EXIT_CODES } from '../errors';
import { requireWritable } from '../require-writable';

/** Arguments and options of `tagger parity`. */
export interface ParityArguments {
  backends: string;
  cases?: string;
  mapping?: string;
  import?: string;
  json: boolean;
  out?: string;
  inProcess: boolean;
}

/** Runs `tagger parity`. */
export async function runParityCommand(args: ParityArguments, { output, setExitCode }: CommandContext): Promise<void> {
  const names = args.backends.split(',').map((name) => name.trim());
  for (const name of names) checkBackend(name);
  if (new Set(names).size < names.length) throw new CliError('USAGE', '--backends names a backend twice.');
  if (args.out !== undefined) await requireWritable(args.out);
  if (args.import !== undefined) await importModule(args.import);
  const cases = select(await casesOf(args.mapping), args.cases);
  const report =
    args.inProcess || names.length === 1
      ? await runParity({ backends: names.map((name) => namedBackend(name)), cases, machine: machine() })
      : await inProcesses(names, args);
  output.print(args.json ? JSON.stringify(report, null, 2) : textReport(report));
  if (args.out !== undefined) {
    try {
      await writeFileAtomic(args.out, htmlReport(report));
      output.note(args.out);
    } catch (error) {
      // The report is already on standard output, which must stay a single document.
      output.error(`tagger: ${(error as Error).message}`);
      setExitCode(EXIT_CODES.failed);
    }
  }
  if (report.results.length === 0) {
    output.error('tagger: no backend is available.');
    setExitCode(EXIT_CODES.failed);
  } else if (disagreements(report).length > 0) setExitCode(EXIT_CODES.failed);
}

function checkBackend(name: string): void {
  try {
    namedBackend(name);
  } catch (cause) {
    throw new CliError('USAGE', `--backends: ${(cause as Error).message}`, { cause });
  }
}

/** Imports a user's module. */
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

/** The complete suite, or the cases for a custom mapping. */
async function casesOf(mapping: string | undefined): Promise<ParityCase[]> {
  if (mapping === undefined) return parityCases();
  const factory = await loadComponentFactory(mapping, { importModule: importFrom(process.cwd()) });
  const component = factory({ type: mapping } as never) as MappingComponent;
  if (typeof component?.create !== 'function') {
    throw new CliError('USAGE', `--mapping: '${mapping}' must return { config, create } if called without options.`);
  }
  const own = { [component.config.type]: factory, [mapping]: factory } as never;
  return mappingCases({
    name: mapping,
    component,
    registries: withRegistries({ mappings: own } as never) as never,
  });
}

/** Runs each backend in its own process, so that they cannot affect each other. A crash counts as a disagreement. */
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
    const message = `the process ended (${code}): ${Buffer.concat(err).toString().trim().slice(-1000)}`;
    return {
      version: 1,
      date: new Date().toISOString(),
      machine: machine(),
      backends: [{ name, description: 'a process that crashed' }],
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
