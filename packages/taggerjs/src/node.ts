// Files: Node only.
export { loadData, readMnist } from '@taggerjs/datasets/node';
export { saveTaggerFile } from '@taggerjs/tagger/node';
export { loadTagger, loadTaggerFile } from './load-tagger-file';
export { renderPng, writePng, writeSvg } from '@taggerjs/viz/node';
