// Files: Node only.
export { loadData, readIdx, readMnist } from '@taggerjs/datasets/node';
export type { DatasetSplits, FileDataOptions, LoadDataOptions } from '@taggerjs/datasets/node';
export { importFrom, saveTaggerFile } from '@taggerjs/tagger/node';
export { renderPng } from '@taggerjs/viz/node';
export { loadTagger, loadTaggerFile } from '@taggerjs/experiment/node';
export type { RenderPngOptions } from '@taggerjs/viz/node';
