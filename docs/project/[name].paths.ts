import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryPages, ROOT } from '../../tools/site/src/repository-pages';
import { withSiteLinks } from '../../tools/site/src/rewrite-links';

/** README, CONTRIBUTING and other files outside docs/ and packages/. */
export default {
  paths: () =>
    [...repositoryPages()]
      .filter(([, page]) => page.startsWith('/project/'))
      .map(([file, page]) => ({
        params: { name: page.slice('/project/'.length) },
        content: withSiteLinks(readFileSync(join(ROOT, file), 'utf8'), file),
      })),
};
