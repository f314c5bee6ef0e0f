import { apiMarkdown, apiPages } from '../../tools/site/src/api-pages';

/** The API reference: one page per entry point. */
export default {
  paths: () =>
    [{ name: 'API', page: 'index' }, ...apiPages()].map((page) => ({
      params: { name: page.page },
      content: apiMarkdown(page),
    })),
};
