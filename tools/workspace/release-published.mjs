// Lets a publish that stopped half-way be continued: `nx release` skips the versions that the registry has, and this makes sure
// that they are the same.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Compares packages with those that a registry has under their names and versions.
 *
 * @param {string[]} folders of the packages
 * @param {string | undefined} registry default: npm's own setting
 * @returns {Promise<{ same: string[], different: string[] }>} the published ones, as `name@version`
 */
export async function comparePublished(folders, registry) {
  // One line per package. A path must not look like the name of one on GitHub.
  const packed = await npm('pack', '--dry-run', '--json', '--ignore-scripts', ...folders.map((path) => `./${path}`));
  const found = await Promise.all(
    Object.values(JSON.parse(packed)).map(async ({ name, version, integrity }) => {
      const id = `${name}@${version}`;
      const published = await publishedIntegrity(id, registry);
      return { id, published, same: published === integrity };
    }),
  );
  const ids = (same) => found.filter((one) => one.published && one.same === same).map(({ id }) => id);
  return { same: ids(true), different: ids(false) };
}

/** The checksum of a published version; undefined if there is none. */
async function publishedIntegrity(id, registry) {
  try {
    const text = await npm('view', id, 'dist.integrity', '--json', ...(registry ? ['--registry', registry] : []));
    return text.trim() === '' ? undefined : JSON.parse(text);
  } catch (error) {
    if (/\bE404\b/.test(`${error.stdout}${error.stderr}`)) return undefined;
    throw error;
  }
}

async function npm(...args) {
  const windows = process.platform === 'win32';
  const { stdout } = await promisify(execFile)('npm', args, { maxBuffer: 2 ** 26, shell: windows });
  return stdout;
}
