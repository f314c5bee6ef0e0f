// Taggers in files: Node only.
export { loadTaggerFile, saveTaggerFile } from './node/tagger-file';
export { loadTagger } from './node/load-tagger';
