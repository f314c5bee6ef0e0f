import { siteLink } from './repository-pages';

/** The used part of markdown-it. */
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
 * Rewrites links in docs/ that leave it, such as `../packages/nn`, to the site's page of the target. The files keep the original
 * links, which work on GitHub.
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

/** Inline tokens with rewritten links. A link whose target is not a page becomes plain text. */
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

/** A Markdown text with its links rewritten for the site. Code blocks are unchanged. */
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
