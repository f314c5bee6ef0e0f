// Files: Node only.
export { TEMPORARY_SUFFIX, writeFileAtomic } from './node/write-file-atomic';
export { makeFolder } from './node/make-folder';
