import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import ts from 'typescript';

const packages = resolve(__dirname, '../../../packages');

/** The entries of which the umbrella has the same one. Those for tests and for set-up are no part of an application. */
const ENTRIES = ['index', 'node'] as const;

/** Packages that the umbrella leaves out whole, but for the names it has, and why. */
const LEFT_OUT_WHOLE: Readonly<Record<string, { readonly why: string; readonly but: readonly string[] }>> = {
  nn: {
    why: 'what parts of models are written in: who writes one installs @taggerjs/nn itself',
    but: ['TaggerError', 'TaggerErrorCode'],
  },
  weights: {
    why: "the bytes of files, also of other programs': models are saved and loaded by functions of their own",
    but: ['WeightsError', 'WeightsErrorCode'],
  },
  'backend-cuda': { why: 'needs TensorFlow set up, and a GPU: Node on Linux only', but: [] },
  'backend-tensorflow': { why: 'needs TensorFlow set up: Node on Linux only', but: [] },
  'backend-webgpu': { why: "brings TensorFlow.js's WebGPU backend, which few need", but: [] },
  parity: { why: 'a suite of tests, for those who make backends or mappings', but: [] },
  cli: { why: 'a command', but: [] },
  pretrained: {
    why: 'megabytes of weights, which applications that train or bring their own need not install',
    but: [],
  },
};

const PARTS = 'for those who write cores and mappings: @taggerjs/mapping has it';
const CONVOLUTIONS = 'the operations of convolutions, as those of nn';

const SEVERAL_RUNS = 'for programs that manage several runs, such as the command';

/** Names that the umbrella leaves out, and why. */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  datasets: {
    SHAPE_BITMAPS: 'what shapes() draws from',
    SHAPE_KINDS: 'what shapes() draws from',
    TEXTURE_FREQUENCIES: 'what textureMnist() draws from',
    TEXTURE_SIZE: 'what textureMnist() draws from',
  },
  experiment: {
    environment: SEVERAL_RUNS,
    FolderLock: SEVERAL_RUNS,
    isRun: SEVERAL_RUNS,
    lockFolder: SEVERAL_RUNS,
    LockOptions: SEVERAL_RUNS,
    metricsRecord: SEVERAL_RUNS,
    modelChecksum: SEVERAL_RUNS,
    unseenHolder: SEVERAL_RUNS,
  },
  mapping: {
    convolve: CONVOLUTIONS,
    double: CONVOLUTIONS,
    halve: CONVOLUTIONS,
    ImageSize: CONVOLUTIONS,
    toPixels: CONVOLUTIONS,
    checkNorm: PARTS,
    checkOptionNames: PARTS,
    checkSizes: PARTS,
    componentName: PARTS,
    isComponent: PARTS,
    joinStates: PARTS,
    limitParameters: 'what loadTagger and loadClassifier do',
    ModuleType: PARTS,
    parseModuleType: PARTS,
    resolveComponent: PARTS,
    resolveCore: PARTS,
    resolveMapping: PARTS,
    ResolveOptions: PARTS,
    Stateful: PARTS,
    cores: 'in `registries`',
    mappings: 'in `registries`',
  },
  noise: { noiseModels: 'in `registries`' },
  recipes: { Json: 'the type of plain JSON' },
  tagger: {
    coreFromConfig: 'a part of taggerFromConfig',
    noiseFromConfig: 'a part of taggerFromConfig',
  },
  viz: {
    escapeXml: 'for those who write pages and figures of their own',
  },
};

/** The names that an entry exports: named, one by one, as all entries do. */
function exportsOf(folder: string, entry: string): string[] {
  const path = join(packages, folder, 'src', `${entry}.ts`);
  if (!existsSync(path)) return [];
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (!exportClause || !ts.isNamedExports(exportClause)) throw new Error(`${path} exports what it does not name`);
      return exportClause.elements.map(({ name }) => name.text);
    }
    const exported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (!exported) return [];
    if (!ts.isVariableStatement(statement)) throw new Error(`${path} declares what it exports`);
    return statement.declarationList.declarations.map(({ name }) => (name as ts.Identifier).text);
  });
}

const folders = readdirSync(packages).filter(
  (folder) => folder !== 'taggerjs' && existsSync(join(packages, folder, 'package.json')),
);

describe.each(ENTRIES)("the umbrella's entry %s", (entry) => {
  const umbrella = new Set(exportsOf('taggerjs', entry));

  test('exports something', () => expect(umbrella.size).toBeGreaterThan(5));

  test.each(folders)('has what %s exports, or says why not', (folder) => {
    const { but } = LEFT_OUT_WHOLE[folder] ?? {};
    const named = Object.keys(LEFT_OUT[folder] ?? {});
    const own = exportsOf(folder, entry);
    const wanted = but === undefined ? own.filter((name) => !named.includes(name)) : entry === 'index' ? but : [];
    expect(wanted.filter((name) => !umbrella.has(name))).toEqual([]);
    expect(wanted.filter((name) => !own.includes(name))).toEqual([]);
  });
});

describe('what the umbrella leaves out', () => {
  test.each(Object.entries(LEFT_OUT))('of %s is there, and is left out', (folder, names) => {
    const own = ENTRIES.flatMap((entry) => exportsOf(folder, entry));
    const umbrella = ENTRIES.flatMap((entry) => exportsOf('taggerjs', entry));
    for (const [name, why] of Object.entries(names)) {
      expect([name, own.includes(name), umbrella.includes(name), why.length > 3]).toEqual([name, true, false, true]);
    }
  });

  test('are packages that there are', () => {
    expect(Object.keys(LEFT_OUT_WHOLE).filter((folder) => !folders.includes(folder))).toEqual([]);
  });
});
