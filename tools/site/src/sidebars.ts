import { apiPages } from './api-pages';
import { packageNames } from './repository-pages';

interface Item {
  readonly text: string;
  readonly link: string;
}

/** The packages, the umbrella first. */
export function packagesSidebar(): { text: string; items: Item[] }[] {
  const names = packageNames().sort((a, b) => Number(b === 'taggerjs') - Number(a === 'taggerjs'));
  return [{ text: 'Packages', items: names.map((name) => ({ text: name, link: `/packages/${name}` })) }];
}

/** The entry points of the reference. */
export function apiSidebar(): { text: string; items: Item[] }[] {
  const items = apiPages().map(({ name, page }) => ({ text: name.replace('@taggerjs/', ''), link: `/api/${page}` }));
  return [{ text: 'Reference', items: [{ text: 'All entry points', link: '/api/' }, ...items] }];
}
