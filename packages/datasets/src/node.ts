// Files, in Node
export { readIdx } from './read-idx';
export { readMnist } from './read-mnist';
export { loadData, type LoadDataOptions } from './load-data';
export type { DatasetSplits, FileDataOptions } from './file-arrays';
