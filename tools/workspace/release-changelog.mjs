/**
 * Moves what was written by hand under `## Unreleased` into the entry of a release, followed by the entry's own sections.
 *
 * @param {string} changelog the contents of CHANGELOG.md
 * @param {string} entry `## VERSION (DATE)` and, after it, sections generated from commits
 */
export function withRelease(changelog, entry) {
  const heading = '## Unreleased\n';
  const start = changelog.indexOf(heading);
  if (start < 0) throw new Error('CHANGELOG.md has no section "## Unreleased".');
  const rest = changelog.slice(start + heading.length);
  const end = rest.search(/^## /m);
  const written = (end < 0 ? rest : rest.slice(0, end)).trim();
  const earlier = end < 0 ? '' : rest.slice(end);
  const [title, ...generated] = entry.trim().split(/\n(?=\n)/);
  const sections = [title.replace(/^#+ /, '## '), written, generated.join('\n').trim(), earlier.trim()];
  return `${changelog.slice(0, start)}${heading}\n${sections.filter((text) => text !== '').join('\n\n')}\n`;
}
