import { siteLink } from './repository-pages';

/** What of markdown-it is used here. */
interface Markdown {
  readonly core: { readonly ruler: { push(name: string, rule: (state: State) => void): void } };
}
interface State {
  readonly tokens: readonly Token[];
  readonly env: { readonly relativePath?: string };
}
interface Token {
  readonly type: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/**
 * Lets links of docs/ that leave it, such as `../packages/nn`, lead to the page that shows what is there. They stay as they
 * are in the files, where other readers of Markdown follow them.
 */
export function rewriteLinks(md: Markdown): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    for (const token of tokens) {
      if (token.children !== null && env.relativePath !== undefined) {
        token.children = rewritten(token.children, `docs/${env.relativePath}`);
      }
    }
  });
}

/** Inline tokens with links that lead to pages, and the text alone of those that lead to what is none. */
function rewritten(tokens: Token[], file: string): Token[] {
  let dropped = false;
  return tokens.filter((token) => {
    if (token.type === 'link_open') {
      const link = token.attrGet('href');
      dropped = false;
      if (!link?.startsWith('../')) return true;
      const target = siteLink(link, file);
      dropped = target === undefined;
      if (target !== undefined) token.attrSet('href', target);
    }
    return !(dropped && (token.type === 'link_open' || token.type === 'link_close'));
  });
}

/** A Markdown text of the repository with its links as they are on the site. Blocks of code are left alone. */
export function withSiteLinks(markdown: string, file: string): string {
  const parts = markdown.split(/(^```[\s\S]*?^```$)/m);
  return parts
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part.replace(/\[((?:`[^`]*`|[^[\]`])*)\]\(([^()\s]+)\)/g, (_, text: string, link: string) => {
            const target = siteLink(link, file);
            return target === undefined ? text : `[${text}](${target})`;
          }),
    )
    .join('');
}
