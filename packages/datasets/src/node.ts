// Files, in Node
export { readIdx } from './files/read-idx';
export { readMnist } from './files/read-mnist';
export { loadData, type LoadDataOptions } from './files/load-data';
export type { DatasetSplits } from './files/datasets-of-arrays';
export type { FileDataOptions } from './files/file-data-options';
