// The Ladder as the Tagger's parametric mapping.
export { ladder, type LadderOptions } from './ladder';
