import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { compile, installIntoEmptyProject, type EmptyProject } from './empty-project';
import { fencesOf, treatmentOf, type Fence, type Treatment } from './fences';
import { run } from './shell';
import { publishablePackages, readManifest, workspaceRoot } from './workspace-packages';

/** Seconds that a program of the documentation may take. */
const LIMIT = 120;

/** What the documentation tells its readers to install beside the packages. */
const INSTALLED_BESIDE = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-core', '@types/node'];

interface Snippet {
  readonly name: string;
  readonly document: string;
  /** Path in the project, without the extension. */
  readonly path: string;
  readonly fence: Fence;
  readonly treatment: Treatment;
}

const packages = publishablePackages();
const snippets = documents().flatMap((document) =>
  fencesOf(readFileSync(join(workspaceRoot, document), 'utf8')).map((fence): Snippet => {
    const folder = document.replace(/\.md$/, '').replaceAll(/[^\w-]+/g, '-');
    const name = `${document}:${fence.line}`;
    return { name, document, path: `${folder}/line-${fence.line}`, fence, treatment: treatmentOf(fence) };
  }),
);
/** Programs that are files: packages/NAME/examples/*.ts. */
const examples = packages.flatMap(({ folder }) => {
  const parent = `packages/${folder}/examples`;
  if (!existsSync(join(workspaceRoot, parent))) return [];
  return readdirSync(join(workspaceRoot, parent))
    .filter((file) => /^[\w-]+\.ts$/.test(file))
    .map((file): Snippet => {
      const fence = {
        language: 'ts',
        note: '',
        code: readFileSync(join(workspaceRoot, parent, file), 'utf8'),
        line: 1,
      };
      const document = `${parent}/${file}`;
      const path = `${parent.replaceAll('/', '-')}/${file.slice(0, -'.ts'.length)}`;
      return { name: document, document, path, fence, treatment: treatmentOf(fence) };
    });
});
const programs = [...snippets, ...examples].filter(
  ({ treatment }) => treatment.kind !== 'text' && treatment.kind !== 'not-run',
);

let project: EmptyProject;
let typeErrors: readonly string[] = [];

beforeAll(async () => {
  const versions = readManifest(workspaceRoot).devDependencies ?? {};
  project = await installIntoEmptyProject(
    packages,
    Object.fromEntries(INSTALLED_BESIDE.map((name) => [name, versions[name] ?? 'latest'])),
  );
  for (const { path, fence, treatment } of programs) {
    mkdirSync(join(project.folder, path, '..'), { recursive: true });
    // Blank lines before it, so that errors name the line of the document.
    const code = '\n'.repeat(fence.line - 1) + fence.code;
    const extension = { typescript: '.mts', javascript: '.mjs', shell: '.sh' }[treatment.kind as 'typescript'];
    writeFileSync(join(project.folder, path + extension), code);
  }
  const files = programs.filter(({ treatment }) => treatment.kind === 'typescript').map(({ path }) => `${path}.mts`);
  if (files.length === 0) return;
  const options = { module: 'node16', moduleResolution: 'node16', types: ['node'], skipLibCheck: true };
  try {
    compile(project, files, options);
  } catch (error) {
    typeErrors = (error as Error).message.split('\n');
  }
});

afterAll(() => project?.remove());

test.each(programs.map((snippet) => [snippet.name, snippet] as const))('%s runs', async (_, { path, treatment }) => {
  expect(typeErrors.filter((error) => error.startsWith(`${path}.mts`))).toEqual([]);
  const options = {
    cwd: join(project.folder, path, '..'),
    seconds: LIMIT,
    env: { PATH: join(project.folder, 'node_modules/.bin') + delimiter + process.env['PATH'] },
  };
  if (treatment.kind === 'shell') {
    await run('bash', ['-euo', 'pipefail', join(project.folder, `${path}.sh`)], options);
  } else {
    await run(process.execPath, [join(project.folder, `${path}.mjs`)], options);
  }
});

test('nothing else is wrong with the types of the documentation', () => {
  const known = programs.map(({ path }) => `${path}.mts`);
  const others = typeErrors.filter((line) => /error TS/.test(line) && !known.some((file) => line.startsWith(file)));
  expect(others).toEqual([]);
});

test.each(packages.map(({ folder }) => [folder]))('the README of %s has a program that runs', (folder) => {
  expect(programs.map(({ document }) => document)).toContain(`packages/${folder}/README.md`);
});

test('what is not run says why', () => {
  const notRun = snippets.flatMap(({ name, treatment }) =>
    treatment.kind === 'not-run' ? [{ name, reason: treatment.reason }] : [],
  );
  mkdirSync(join(__dirname, '../out-test'), { recursive: true });
  writeFileSync(join(__dirname, '../out-test/snippets-not-run.json'), JSON.stringify(notRun, null, 2));
  expect(notRun.filter(({ reason }) => reason === '')).toEqual([]);
});

/** The Markdown files whose programs are run. */
function documents(): readonly string[] {
  const inDocs = existsSync(join(workspaceRoot, 'docs'))
    ? readdirSync(join(workspaceRoot, 'docs'), { recursive: true })
    : [];
  return [
    'README.md',
    ...packages.map(({ folder }) => `packages/${folder}/README.md`),
    ...inDocs
      .map((file) => `docs/${String(file).replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.md') && !file.includes('node_modules')),
  ].filter((file) => existsSync(join(workspaceRoot, file)));
}
