// Taggers in files: Node only.
export { importFrom } from './node/import-from';
export { loadTaggerFile, saveTaggerFile } from './node/tagger-file';
export { loadTagger } from './node/load-tagger';
