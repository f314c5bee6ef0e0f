/** A class, and how probable it is. */
export interface RankedClass {
  readonly class: number;
  readonly probability: number;
}

/** What the classes that are named in a text have together, at least. */
const TOLD = 0.9;
/** How many classes a text names at most. */
const MOST = 3;

/**
 * All classes, the most probable first; of equals, the lower class.
 *
 * @param posterior [C], summing to 1: an image of two objects has about a half for each of two classes
 */
export function rankClasses(posterior: ArrayLike<number>): RankedClass[] {
  return Array.from(posterior, (probability, index) => ({ class: index, probability })).sort(
    (a, b) => b.probability - a.probability || a.class - b.class,
  );
}

/**
 * The most probable classes in a text, `3 (52 %), 7 (45 %)`: as many as have nine tenths together, three at most; and the true
 * ones where they are known.
 */
export function classesInWords(posterior: ArrayLike<number>, labels?: ArrayLike<number>): string {
  const named: RankedClass[] = [];
  let told = 0;
  for (const ranked of rankClasses(posterior).slice(0, MOST)) {
    if (told >= TOLD) break;
    named.push(ranked);
    told += ranked.probability;
  }
  const found = named
    .map(({ class: index, probability }) => `${index} (${Math.round(100 * probability)} %)`)
    .join(', ');
  return labels === undefined ? found : `${found}; true: ${Array.from(labels).join(', ')}`;
}
