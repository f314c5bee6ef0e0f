import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a misspelled word most probably means: the one at the smallest edit distance, ignoring case.
 *
 * @param word the word as written
 * @param candidates all valid words
 * @returns the candidate; undefined if all are farther than a third of the word (2 edits for short words)
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    // Replacing every letter of a two-letter candidate is not a suggestion.
    if (edits < least && edits < candidate.length) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}
