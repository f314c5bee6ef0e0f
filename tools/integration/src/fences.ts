/** A fenced block of code in a Markdown file. */
export interface Fence {
  /** First word of the info string, such as `ts`; empty if there is none. */
  readonly language: string;
  /** The rest of the info string. */
  readonly note: string;
  readonly code: string;
  /** Line of the first line of code, 1-based. */
  readonly line: number;
}

/** What becomes of a fence when the documentation is tested. */
export type Treatment =
  | { readonly kind: 'typescript' | 'javascript' | 'shell' }
  | { readonly kind: 'not-run'; readonly reason: string }
  | { readonly kind: 'text' };

const OPENING = /^(?<indent> {0,3})(?<marks>`{3,}|~{3,})\s*(?<language>[^\s`]*)(?<note>[^`]*)$/;

/** The fenced blocks of a Markdown text, in order. */
export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const opening = OPENING.exec(lines[at] ?? '')?.groups;
    if (opening === undefined) continue;
    const { indent = '', marks = '', language = '', note = '' } = opening;
    const closing = new RegExp(`^ {0,3}${marks[0]}{${marks.length},}\\s*$`);
    const line = at + 2;
    const code: string[] = [];
    for (at++; at < lines.length && !closing.test(lines[at] ?? ''); at++) {
      code.push((lines[at] ?? '').replace(new RegExp(`^ {0,${indent.length}}`), ''));
    }
    fences.push({ language, note: note.trim(), code: code.join('\n'), line });
  }
  return fences;
}

/**
 * What is done with a fence: `ts` and `js` are programs and are run, unless the info string says `no-run` and why;
 * `sh run` is run too; everything else is for reading.
 */
export function treatmentOf({ language, note }: Fence): Treatment {
  const [word = '', ...rest] = note.split(/\s+/);
  if (['ts', 'typescript', 'js', 'javascript'].includes(language)) {
    if (word === 'no-run') return { kind: 'not-run', reason: rest.join(' ') };
    return { kind: language.startsWith('t') ? 'typescript' : 'javascript' };
  }
  if (['sh', 'bash', 'shell'].includes(language) && word === 'run') return { kind: 'shell' };
  return { kind: 'text' };
}
