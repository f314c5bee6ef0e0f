import type { ReferenceTensor } from '../check-operation';

/** The inputs of a reference, by name. */
export type References = Readonly<Record<string, ReferenceTensor>>;
