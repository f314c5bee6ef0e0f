import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageNames, ROOT } from '../../tools/site/src/repository-pages';
import { withSiteLinks } from '../../tools/site/src/rewrite-links';

/** The READMEs of the packages. */
export default {
  watch: ['../../packages/*/README.md'],
  paths: () =>
    packageNames().map((name) => {
      const file = `packages/${name}/README.md`;
      return { params: { name }, content: withSiteLinks(readFileSync(join(ROOT, file), 'utf8'), file) };
    }),
};
