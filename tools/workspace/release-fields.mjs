// `npm run release:fields`: copies the project's addresses from the root package.json to every package. `--check` changes nothing
// and fails if a package differs. Works on the workspace in the current folder.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ADDRESSES = ['homepage', 'repository', 'bugs'];

/** The fields of the root package.json that a release needs and that are not set, each with an instruction. */
export function missingFields({ homepage, repository, bugs }) {
  const needed = {
    homepage: [homepage, 'the page that introduces the project'],
    'repository.url': [repository?.url, 'the address to clone from, such as git+https://HOST/OWNER/NAME.git'],
    'bugs.url': [bugs?.url, 'the page on which users report problems'],
  };
  return Object.entries(needed)
    .filter(([, [value]]) => !/^(git\+)?https:\/\/[^/]+/.test(value ?? ''))
    .map(([name, [, meaning]]) => `${name}: ${meaning}`);
}

/** A package's manifest with the fields that all packages share, each in its usual place. */
export function withSharedFields(manifest, { homepage, repository, bugs }, directory) {
  const addresses = { homepage, repository: repository && { ...repository, directory }, bugs };
  const shared = [...ADDRESSES, 'publishConfig'];
  return Object.fromEntries(
    Object.entries(manifest)
      .filter(([name]) => !shared.includes(name))
      .flatMap(([name, value]) => {
        if (name === 'license') return [[name, value], ...Object.entries(addresses)];
        if (name === 'files')
          return [
            [name, value],
            ['publishConfig', { access: 'public' }],
          ];
        return [[name, value]];
      })
      .filter(([, value]) => value !== undefined),
  );
}

if (process.argv[1] === import.meta.filename) {
  const check = process.argv.includes('--check');
  const home = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const folder of readdirSync('packages')) {
    const file = join('packages', folder, 'package.json');
    const text = readFileSync(file, 'utf8');
    const wanted = `${JSON.stringify(withSharedFields(JSON.parse(text), home, `packages/${folder}`), null, 2)}\n`;
    if (text === wanted) continue;
    if (!check) writeFileSync(file, wanted);
    console.log(`${file} ${check ? 'differs: run npm run release:fields.' : 'written.'}`);
    if (check) process.exitCode = 1;
  }
}
