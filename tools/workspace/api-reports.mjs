// `npm run api:update`: writes packages/NAME/api/ENTRY.api.md, the public API of each entry point, so that a change of it shows in
// review. Reads the declarations that `npm run typecheck` writes. `check-packages.mjs` compares the reports.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const packages = resolve(import.meta.dirname, '../../packages');
const silent = { default: { logLevel: 'none' } };
/** One program for all packages, which share most declarations. */
let compilerState;

/** The declarations of a package's entry points. */
function entriesOf(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.values(exports)
    .map((conditions) => conditions['@taggerjs/source'] ?? {})
    .flatMap((source) => (typeof source === 'string' ? source : Object.values(source)))
    .map((source) => join(folder, 'out-tsc', basename(source).replace(/\.ts$/, '.d.ts')));
}

/**
 * Compares the API reports of a package with its declarations.
 *
 * @param {string} name folder in packages/
 * @param {{ update?: boolean }} options `update`: write reports that differ
 * @returns {string[]} the entry points whose report differs or is missing
 */
export function differingApiReports(name, { update = false } = {}) {
  const folder = join(packages, name);
  return entriesOf(folder)
    .filter((entry) => !isCurrent(folder, entry, update))
    .map((entry) => basename(entry, '.d.ts'));
}

function isCurrent(folder, entry, update) {
  const reportFolder = join(folder, 'api');
  if (update) mkdirSync(reportFolder, { recursive: true });
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            ...{
              target: 'es2022',
              lib: ['es2022', 'dom', 'dom.iterable'],
              strict: true,
              skipLibCheck: true,
              types: ['node'],
            },
            ...{ module: 'esnext', moduleResolution: 'bundler' },
          },
          files: [entry],
        },
      },
      apiReport: {
        ...{ enabled: true, reportFileName: basename(entry, '.d.ts'), includeForgottenExports: true },
        ...{ reportFolder, reportTempFolder: join(folder, 'out-api') },
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  });
  compilerState ??= CompilerState.create(config, {
    additionalEntryPoints: readdirSync(packages).flatMap((name) => entriesOf(join(packages, name))),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    ...{ localBuild: update, compilerState },
    messageCallback: (message) => {
      if (message.logLevel !== 'error') message.handled = true;
    },
  });
  return !apiReportChanged;
}

if (process.argv[1] === import.meta.filename) {
  for (const name of readdirSync(packages)) {
    for (const entry of differingApiReports(name, { update: true })) {
      console.log(`packages/${name}/api/${entry}.api.md written.`);
    }
  }
}
