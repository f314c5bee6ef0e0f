/** A class and its probability. */
export interface RankedClass {
  readonly class: number;
  readonly probability: number;
}

/** Minimum total probability of the classes in a text. */
const TOLD = 0.9;
/** Maximum number of classes in a text. */
const MOST = 3;

/**
 * Sorts classes by probability, highest first. Ties keep the order of the classes.
 *
 * @param posterior [C], summing to 1. With two objects in an image, the class of each has about 0.5
 */
export function rankClasses(posterior: ArrayLike<number>): RankedClass[] {
  return Array.from(posterior, (probability, index) => ({ class: index, probability })).sort(
    (a, b) => b.probability - a.probability || a.class - b.class,
  );
}

/**
 * The most probable classes as text, `3 (52 %), 7 (45 %)`: up to three, with a total probability of 0.9. Adds the true classes
 * if known.
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
